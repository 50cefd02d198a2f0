import { dividedBucket, type Bucket, type Buckets } from './limits.ts';
import type { CapacityRequest } from './rate-limiter.ts';

export interface LocalFallbackLimiterOptions {
  /** The share of the capacity reserved for finals. */
  readonly finalReserve: number;
  /** Number of threads sharing the limit, including this one. */
  readonly threads: () => number;
  /** Monotonic clock, in milliseconds. */
  readonly now: () => number;
  /** Called when the fallback becomes active or inactive. */
  readonly onChange: (isActive: boolean) => void;
}

/** How long the fallback is used before the shared store is tried again. */
const activeForMs = 1000;

/** Enforces this thread's share of a limit while the shared store is unavailable. */
export class LocalFallbackLimiter {
  readonly #options: LocalFallbackLimiterOptions;
  #untilMs = -Infinity;
  #isReported = false;
  #level: LocalLevel = emptyLevel(0);

  constructor(options: LocalFallbackLimiterOptions) {
    this.#options = options;
  }

  /** Whether the fallback is in use. */
  get isActive(): boolean {
    return this.#options.now() < this.#untilMs;
  }

  /** Activates the fallback for a second, after the store failed. */
  begin(): void {
    const now = this.#options.now();
    this.#untilMs = now + activeForMs;
    if (this.#isReported) return;
    this.#isReported = true;
    this.#level = emptyLevel(now);
    this.#options.onChange(true);
  }

  /** Deactivates the fallback, after the store replied. */
  end(): void {
    if (!this.#isReported) return;
    this.#isReported = false;
    this.#options.onChange(false);
  }

  /** Acquires capacity for one call. @returns 0, or the milliseconds until there is capacity */
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

/** The unused part of a thread's share of an allowance, at a time. */
export interface LocalLevel {
  readonly atMs: number;
  readonly requests: number;
  readonly tokens: number;
}

/** Starts empty, since the other threads may have used the whole allowance just before. */
export function emptyLevel(atMs: number): LocalLevel {
  return { atMs, requests: 0, tokens: 0 };
}

/**
 * Takes capacity from a thread's own buckets. A call larger than its bucket is allowed when the bucket is full.
 *
 * @param reserve the share of a bucket reserved for finals
 * @returns the new level, and 0 or the milliseconds until there is capacity
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

/** Absorbs rounding errors of fractional levels. */
const tolerance = 1e-6;
