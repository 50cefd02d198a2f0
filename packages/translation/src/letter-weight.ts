const threefold = /\p{sc=Han}/gu;
const twofold = /[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu;

/**
 * The length of a text in about as many Latin letters as it would take: a character of Chinese counts for three, one of
 * a syllabic script for two, any other UTF-16 unit for one.
 */
export function letterWeight(text: string): number {
  return text.length + 2 * count(text, threefold) + count(text, twofold);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
