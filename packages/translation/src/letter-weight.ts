const threefold = /\p{sc=Han}/gu;
const twofold = /[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu;

/**
 * Returns the length of a text in equivalent Latin letters: a Han character counts as three, a Kana or Hangul syllable as
 * two, any other UTF-16 unit as one.
 */
export function letterWeight(text: string): number {
  return text.length + 2 * count(text, threefold) + count(text, twofold);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
