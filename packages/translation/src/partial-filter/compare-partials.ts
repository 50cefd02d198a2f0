import { letterWeight } from '../letter-weight.ts';
import { normalizeText } from '../normalize-text.ts';

/**
 * How a partial differs from an earlier one. `correction`: words other than the last changed, or words were removed;
 * `growth`: words were added, `chars` being their `letterWeight`; `none`: only the last word, punctuation or case changed.
 */
export type PartialChange =
  { readonly kind: 'correction' } | { readonly kind: 'growth'; readonly chars: number } | { readonly kind: 'none' };

/**
 * Unicode word segmentation (UAX #29), which also covers languages without spaces. The root locale is sufficient: for
 * those, ICU selects its dictionary by script.
 */
const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

/**
 * Compares a partial with an earlier one word by word, ignoring punctuation and case.
 *
 * @param stable the prefix of `after` that will not change any more. If given, a last word beyond it may still change and
 *   does not count as growth, while a last word within it counts even if it only replaces another.
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
    // The common prefix has the same number of words in both.
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

/** Returns the position of the last space in the common prefix: only the words after it need to be compared. */
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
