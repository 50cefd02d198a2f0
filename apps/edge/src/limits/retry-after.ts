import type { QuotaRefusal } from '@parley/redis/pending';

const minMs = 250;
const maxMs = 10_000;
/** If it is not known how fast the work is done, and while other sessions of the tenant have its quota. */
const usualMs = 1000;
/** The share of the outstanding work that should be done by then, so that not every final is refused once. */
const drainedShare = 1 / 8;

/**
 * Returns in how many milliseconds a refused final should be sent again. Pure.
 *
 * @param bytesPerMs how fast the outstanding work of the session is done, if it is known
 */
export function retryAfterMs(refusal: QuotaRefusal, bytesPerMs: number | undefined): number {
  const excess = refusal.status === 'full' ? refusal.excessBytes : 0;
  const waitMs =
    bytesPerMs === undefined ? usualMs : Math.max(excess, refusal.outstandingBytes * drainedShare) / bytesPerMs;
  const atLeastMs = refusal.status === 'credit' ? usualMs : minMs;
  // Nothing at all may have been done: a quotient of 0 and 0.
  return Math.ceil(Math.min(maxMs, Math.max(atLeastMs, Number.isNaN(waitMs) ? usualMs : waitMs)));
}
