const threefold = /\p{sc=Han}/u;
const twofold = /[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u;
const allThreefold = new RegExp(threefold, 'gu');
const allTwofold = new RegExp(twofold, 'gu');

/**
 * Returns the length of a text in equivalent Latin letters: a Han character counts as three, a Kana or Hangul syllable as
 * two, any other UTF-16 unit as one.
 */
export function letterWeight(text: string): number {
  return text.length + 2 * count(text, allThreefold) + count(text, allTwofold);
}

/** Returns the `letterWeight` of a single character, several times as fast. */
export function characterWeight(character: string): number {
  // All that weigh more come later.
  if (character < '\u1100') return 1;
  if (threefold.test(character)) return character.length + 2;
  return character.length + (twofold.test(character) ? 1 : 0);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
