import type { RandomSource } from '../seeded-random.ts';

/** How a word is written: `mark` after it, such as `~4`, and `filler` after its punctuation, such as ` ~7`; empty: nothing. */
export interface Wording {
  readonly mark: string;
  readonly filler: string;
}

/** A word and the punctuation after it. */
export const wordPattern = /^(.*[^\p{P}\s])(\p{P}*)$/su;

/** The probability that the last word loses its wording. It falls with the sixth power of the position towards the first word. */
const lastWordLoss = 0.25;
/** The probability that a word loses its wording where the text before it has changed. */
const changeLoss = 0.5;
/** How many words of the earlier text are searched for a word, so that the time is linear. */
const window = 4;

const fillerPattern = /^~\d$/;

/**
 * Decides which words keep the wording that they have in an earlier text: most of them, fewer towards the end and next to a
 * change of the text.
 *
 * @param words without the punctuation after them
 * @param shown the earlier text, as `reword` returned it
 * @returns the kept wording of each word; `undefined`: none
 */
export function keptWordings(
  words: readonly string[],
  shown: string,
  random: RandomSource,
): readonly (Wording | undefined)[] {
  const earlier = shownWords(shown);
  if (earlier.length === 0) return [];
  let next = 0;
  let hasChanged = false;
  return words.map((word, index) => {
    const wanted = word.toLowerCase();
    const ahead = earlier.slice(next, next + window).findIndex((one) => one.word === wanted);
    const found = earlier[next + ahead];
    if (ahead < 0 || found === undefined) {
      hasChanged = true;
      return undefined;
    }
    const loss = hasChanged || ahead > 0 ? changeLoss : lastWordLoss * ((index + 1) / words.length) ** 6;
    hasChanged = false;
    next += ahead + 1;
    return random() < loss ? undefined : found.wording;
  });
}

function shownWords(shown: string): { word: string; wording: Wording }[] {
  const words: { word: string; wording: Wording }[] = [];
  for (const piece of shown.split(/\s+/)) {
    const last = words.at(-1);
    if (fillerPattern.test(piece) && last !== undefined) {
      last.wording = { ...last.wording, filler: ` ${piece}` };
      continue;
    }
    const [, written] = wordPattern.exec(piece) ?? [];
    if (written === undefined) continue;
    const [mark = ''] = /~\d$/.exec(written) ?? [];
    const word = written.slice(0, written.length - mark.length).toLowerCase();
    words.push({ word, wording: { mark, filler: '' } });
  }
  return words;
}
