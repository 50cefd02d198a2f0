const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Characters that terminals draw in two columns; an estimate, since terminals differ. */
const wide =
  /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;

/** Returns how many rows of a terminal a line of text without control characters takes. */
export function terminalRows(text: string, columns: number): number {
  let [rows, column] = [1, 0];
  for (const { segment } of graphemes.segment(text)) {
    const width = wide.test(segment) ? 2 : 1;
    if (column + width > columns) [rows, column] = [rows + 1, 0];
    column += width;
  }
  return rows;
}
