import { letterWeight } from './letter-weight.ts';

/** Up to this length, in Latin letters, the configured time-outs are sufficient. */
const lettersWithin = 160;
/** In Latin letters: at 200 letters per second, translating this takes two seconds. */
export const longestSentenceLetters = 400;
/** The slowest supported engine: a quarter of the speed of a slow hosted model. */
const lettersPerSecond = 50;
const longestMs = 300_000;

/**
 * Returns the time added to the time-outs for a long text, in milliseconds: none up to 160 letters, then one second per 50
 * letters, at most five minutes.
 */
export function longTextMs(text: string): number {
  return Math.min(longestMs, (Math.max(0, letterWeight(text) - lettersWithin) / lettersPerSecond) * 1000);
}

/** Whether a text is so long that a call for it takes several times as long as one for a spoken sentence. */
export function isLongText(text: string): boolean {
  return letterWeight(text) > longestSentenceLetters;
}
