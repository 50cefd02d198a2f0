import { normalizeText } from '@parley/translation';

/** A text that was sent or shown, in the source language. */
export interface Moment {
  readonly atMs: number;
  readonly text: string;
}

/**
 * For each word of the final, returns the ms from its first occurrence in a transcript to its first occurrence in a shown
 * translation. Repeated words are distinguished by their count.
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

/** Counts shown words that later changed, in the source text: how much a reader sees change. */
export function wordsErased(shown: readonly Moment[]): number {
  let erased = 0;
  for (const [index, { text }] of shown.slice(1).entries()) {
    const [before, after] = [wordsOf(shown[index]?.text ?? ''), wordsOf(text)];
    const same = before.findIndex((word, place) => word !== after[place]);
    erased += same < 0 ? 0 : before.length - same;
  }
  return erased;
}

/** Returns the words in lower case, without punctuation. */
export function wordsOf(text: string): string[] {
  return normalizeText(text)
    .toLowerCase()
    .replace(/[.,?!]/g, '')
    .split(' ');
}
