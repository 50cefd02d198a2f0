const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Characters as wide as two Latin ones; an estimate, since fonts and terminals differ. */
const wide =
  /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;
/** Texts whose width is known without looking at graphemes, which takes most of the time. */
const onlyNarrow = /^[\x20-\x7e]*$/;
const onlyWide = /^[\u3001-\u3029\u3041-\u3096\u309b-\u30ff\u4e00-\u9fff\uff01-\uff60]*$/;

/** Yields the characters of a text as readers count them, each with its width in columns: 2 if it is full-width. */
export function* graphemeWidths(text: string): Generator<{ readonly grapheme: string; readonly width: number }> {
  for (const { segment } of graphemes.segment(text)) yield { grapheme: segment, width: wide.test(segment) ? 2 : 1 };
}

/** Returns the width of a text in columns. */
export function textWidth(text: string): number {
  if (onlyNarrow.test(text)) return text.length;
  if (onlyWide.test(text)) return 2 * text.length;
  let sum = 0;
  for (const { width } of graphemeWidths(text)) sum += width;
  return sum;
}
