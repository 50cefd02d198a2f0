import { normalizeText } from '@parley/translation';
import type { Moment } from './moment.ts';

/**
 * For each word of the final: ms from the first time that it was said (in a partial or the final) to the first time that it
 * was shown. A word that occurs more than once is told apart by its count.
 */
export function wordLagsMs(said: readonly Moment[], shown: readonly Moment[]): number[] {
  const final = said.at(-1)?.text ?? '';
  const lags: number[] = [];
  const seen = new Map<string, number>();
  for (const word of wordsOf(final)) {
    const count = (seen.get(word) ?? 0) + 1;
    seen.set(word, count);
    const first = (moments: readonly Moment[]): number | undefined =>
      moments.find(({ text }) => wordsOf(text).filter((other) => other === word).length >= count)?.atMs;
    const [saidAtMs, shownAtMs] = [first(said), first(shown)];
    if (saidAtMs !== undefined && shownAtMs !== undefined) lags.push(shownAtMs - saidAtMs);
  }
  return lags;
}

/** Words that were shown and taken back, in the source: how much a reader sees change. */
export function wordsErased(shown: readonly Moment[]): number {
  let erased = 0;
  for (const [index, { text }] of shown.slice(1).entries()) {
    const [before, after] = [wordsOf(shown[index]?.text ?? ''), wordsOf(text)];
    const same = before.findIndex((word, place) => word !== after[place]);
    erased += same < 0 ? 0 : before.length - same;
  }
  return erased;
}

/** Lower case, without punctuation. */
export function wordsOf(text: string): string[] {
  return normalizeText(text)
    .toLowerCase()
    .replace(/[.,?!]/g, '')
    .split(' ');
}
