import type { QuotaRefusal } from '@parley/redis/pending';
import { DrainRate } from './drain-rate.ts';
import { retryAfterMs } from './retry-after.ts';

/** The least wait of a final behind the first refused one. */
const minWaitMs = 100;
/** How long later finals wait for the first refused one after its retry time: a client may never send it again. */
const patienceMs = 10_000;
const maxRemembered = 1024;

/**
 * Keeps the finals of a connection in order while some of them are refused because too much is outstanding: a client that
 * repeats them has sent later ones meanwhile, which must not be accepted before them. So those are refused as well, without
 * asking Redis, until the earlier ones have been repeated. Times are milliseconds of the caller's clock. No I/O.
 */
export class OutstandingGate {
  /** In the order of their first refusal. */
  readonly #refused = new Set<number>();
  readonly #drained = new DrainRate();
  #retryAtMs = -Infinity;

  /** Returns the time until a final should be sent again; `undefined` if it may be accepted now. */
  waitMs(segmentId: number, nowMs: number): number | undefined {
    if (nowMs > this.#retryAtMs + patienceMs) this.#refused.clear();
    const [first] = this.#refused;
    const untilRetryMs = Math.ceil(this.#retryAtMs - nowMs);
    if (first === undefined || (first === segmentId && untilRetryMs <= 0)) return undefined;
    this.#remember(segmentId);
    return Math.max(untilRetryMs, minWaitMs);
  }

  /** Records that Redis has refused a final. Returns the time until it should be sent again. */
  refused(segmentId: number, refusal: QuotaRefusal, nowMs: number): number {
    this.#drained.observe(refusal.outstandingBytes, nowMs);
    const waitMs = retryAfterMs(refusal, this.#drained.bytesPerMs);
    this.#retryAtMs = nowMs + waitMs;
    this.#remember(segmentId);
    return waitMs;
  }

  /** Records that a final was accepted, or refused for another reason: it is not expected again. */
  handled(segmentId: number, acceptedBytes: number): void {
    this.#refused.delete(segmentId);
    this.#drained.added(acceptedBytes);
  }

  #remember(segmentId: number): void {
    if (this.#refused.size < maxRemembered) this.#refused.add(segmentId);
  }
}
