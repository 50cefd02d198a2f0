import { letterWeight } from './letter-weight.ts';

/** A reply of so many Latin letters comes within the time-outs as they are set. */
const lettersWithin = 160;
/** The slowest engine that a long text is waited for: a quarter of what a slow hosted model gives. */
const lettersPerSecond = 50;
const longestMs = 300_000;

/**
 * How much longer the translation of a text may take than that of a sentence, in milliseconds: nothing up to 160 letters,
 * a second for each further 50, and five minutes at most.
 */
export function longTextMs(text: string): number {
  return Math.min(longestMs, (Math.max(0, letterWeight(text) - lettersWithin) / lettersPerSecond) * 1000);
}
