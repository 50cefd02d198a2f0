import { dividedBucket, type Bucket, type Buckets } from './limits.ts';
import type { CapacityRequest } from './rate-limiter.ts';

export interface LocalFallbackLimiterOptions {
  /** The share of what may be used at once that only finals may use. */
  readonly finalReserve: number;
  /** How many threads, this one among them, share the limit, as far as is known. */
  readonly threads: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Hears whether this thread counts by itself. */
  readonly onChange: (isActive: boolean) => void;
}

/** How long a thread counts by itself before it asks again. */
const activeForMs = 1000;

/** One thread's part of a limit, for as long as the shared store can't be asked. */
export class LocalFallbackLimiter {
  readonly #options: LocalFallbackLimiterOptions;
  #untilMs = -Infinity;
  #isReported = false;
  #level: LocalLevel = emptyLevel(0);

  constructor(options: LocalFallbackLimiterOptions) {
    this.#options = options;
  }

  /** Whether the store isn't to be asked at the moment. */
  get isActive(): boolean {
    return this.#options.now() < this.#untilMs;
  }

  /** The store can't be asked: for a second nobody tries. */
  begin(): void {
    const now = this.#options.now();
    this.#untilMs = now + activeForMs;
    if (this.#isReported) return;
    this.#isReported = true;
    this.#level = emptyLevel(now);
    this.#options.onChange(true);
  }

  /** The store has answered. */
  end(): void {
    if (!this.#isReported) return;
    this.#isReported = false;
    this.#options.onChange(false);
  }

  /** Takes capacity for one call. @returns 0, or how long it takes until there is some, in ms */
  acquire(ask: Pick<CapacityRequest, 'kind' | 'tokens'>, { requests, tokens }: Buckets): number {
    const { finalReserve, now, threads } = this.#options;
    const among = Math.max(1, threads());
    const part = (bucket: Bucket | undefined): Bucket | undefined => bucket && dividedBucket(bucket, among);
    const own = { requests: part(requests), tokens: part(tokens) };
    const { level, waitMs } = takeLocally(this.#level, ask, own, finalReserve, now());
    this.#level = level;
    return waitMs;
  }
}

/** What is left of one thread's own share of an allowance, at a moment of its clock. */
export interface LocalLevel {
  readonly atMs: number;
  readonly requests: number;
  readonly tokens: number;
}

/** Nothing is left: whoever begins to count by itself doesn't know what the others have just used. */
export function emptyLevel(atMs: number): LocalLevel {
  return { atMs, requests: 0, tokens: 0 };
}

/**
 * Takes capacity out of a thread's own buckets. A call that is larger than its bucket fits into a full one.
 *
 * @param reserve the share of a bucket that only finals may use
 * @returns the new level, and 0 or how long it takes until there is capacity
 */
export function takeLocally(
  level: LocalLevel,
  { kind, tokens }: Pick<CapacityRequest, 'kind' | 'tokens'>,
  buckets: Buckets,
  reserve: number,
  nowMs: number,
): { readonly level: LocalLevel; readonly waitMs: number } {
  const elapsedMs = Math.max(0, nowMs - level.atMs);
  const costs = { requests: 1, tokens };
  const next = { atMs: nowMs, requests: level.requests, tokens: level.tokens };
  let waitMs = 0;
  for (const limited of ['requests', 'tokens'] as const) {
    const bucket = buckets[limited];
    if (bucket === undefined) continue;
    const { perMs, capacity } = bucket;
    next[limited] = Math.min(capacity, level[limited] + elapsedMs * perMs);
    const floor = kind === 'partial' ? capacity * reserve : 0;
    const lacking = Math.min(costs[limited] + floor, capacity) - next[limited];
    if (lacking > tolerance) waitMs = Math.max(waitMs, lacking / perMs);
  }
  if (waitMs > 0) return { level: next, waitMs };
  return { level: { ...next, requests: next.requests - costs.requests, tokens: next.tokens - costs.tokens }, waitMs };
}

/** Levels are sums of fractions: what lacks less than this is there. */
const tolerance = 1e-6;
