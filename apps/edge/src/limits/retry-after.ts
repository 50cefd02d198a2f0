import type { QuotaRefusal } from '@parley/redis/pending';

const minMs = 250;
const maxMs = 10_000;
/** The wait while the rate is unknown, and the least wait while other sessions have reserved the tenant's quota. */
const usualMs = 1000;
/** The least share of the outstanding work to wait for; with less capacity, each further final would be refused again. */
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
  // 0 / 0 if nothing is outstanding and nothing was done.
  return Math.ceil(Math.min(maxMs, Math.max(atLeastMs, Number.isNaN(waitMs) ? usualMs : waitMs)));
}
