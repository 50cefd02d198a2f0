import { letterWeight } from '../letter-weight.ts';
import { normalizeText } from '../normalize-text.ts';

/**
 * How a partial differs from an earlier one. `correction`: words before the last one changed, or words are gone;
 * `growth`: words were added, with the letters that count (a sign such as 京 as three); `none`: only the last word, punctuation or case.
 */
export type PartialChange =
  { readonly kind: 'correction' } | { readonly kind: 'growth'; readonly chars: number } | { readonly kind: 'none' };

/**
 * Words are those of Unicode (UAX #29), so languages without spaces have them too. The root locale serves all: where words
 * aren't marked, ICU goes by the script.
 */
const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

/**
 * Compares a partial with an earlier one, word by word; punctuation and case don't count.
 *
 * @param stable the beginning of `after` that won't change any more. Where it is known, a last word beyond it is taken for
 *   one that may change: it doesn't count as growth. And a last word within it has come to stay: it counts even where it
 *   only replaces another.
 */
export function comparePartials(before: string, after: string, stable?: string): PartialChange {
  const [folded, foldedAfter] = [fold(before), fold(after)];
  const from = lastSpaceOfCommonPrefix(folded, foldedAfter);
  const [old, words] = [wordsIn(folded.slice(from)), wordsIn(foldedAfter.slice(from))];
  const same = commonWords(old, words);
  if (same < old.length - 1 || words.length < old.length) return { kind: 'correction' };
  const added = words.slice(same);
  if (stable !== undefined) {
    const foldedStable = fold(stable);
    // What is the same in both has as many words in both.
    const common = foldedStable.startsWith(foldedAfter.slice(0, from)) ? from : 0;
    const lastIsStable = wordsIn(foldedStable.slice(common)).length >= wordsIn(foldedAfter.slice(common)).length;
    if (!lastIsStable) added.pop();
  } else if (words.length === old.length) {
    added.pop();
  }
  return added.length === 0 ? { kind: 'none' } : { kind: 'growth', chars: letterWeight(added.join('')) };
}

function fold(text: string): string {
  return normalizeText(text).toLowerCase();
}

function wordsIn(folded: string): string[] {
  return [...segmenter.segment(folded)].filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment);
}

/** Where the words begin that need a look: up to there both texts are the same. */
function lastSpaceOfCommonPrefix(one: string, other: string): number {
  let from = 0;
  for (let index = 0; index < one.length && one[index] === other[index]; index++) {
    if (one[index] === ' ') from = index;
  }
  return from;
}

function commonWords(one: readonly string[], other: readonly string[]): number {
  const differing = one.findIndex((word, index) => word !== other[index]);
  return differing < 0 ? one.length : differing;
}
