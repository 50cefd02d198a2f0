import { admit, type Allowances, type Refusal } from './admission.ts';
import type { Allowance } from './allowance.ts';
import { slidingWindow } from './sliding-window.ts';
import { tokenBucket } from './token-bucket.ts';

/** How a 429 reports the retry delay. With `text`, only in its message, and no response has `x-ratelimit-*` headers. */
export type RetryHint = 'both' | 'seconds' | 'milliseconds' | 'text';

export interface LimitSettings {
  /** Requests per window; `undefined` means unlimited. */
  readonly rpm: number | undefined;
  /** Tokens per window; `undefined` means unlimited. */
  readonly tpm: number | undefined;
  readonly limiter: 'bucket' | 'sliding';
  /** A minute, except in tests. */
  readonly windowMs: number;
  /** Capacity of a bucket in milliseconds of refill, at most `windowMs`. */
  readonly burstMs: number;
  readonly retryHint: RetryHint;
}

/** The rate limits, shared by all clients. */
export class RateLimiter {
  readonly #initial: LimitSettings;
  readonly #now: () => number;
  #settings: LimitSettings;
  #allowances: Allowances;

  /** @param now a monotonic clock in milliseconds */
  constructor(settings: LimitSettings, now: () => number = () => performance.now()) {
    this.#initial = settings;
    this.#now = now;
    this.#settings = settings;
    this.#allowances = fresh(settings, now());
  }

  get settings(): LimitSettings {
    return this.#settings;
  }

  /** Replaces the limits, with nothing used. */
  set(settings: LimitSettings): void {
    this.#settings = settings;
    this.#allowances = fresh(settings, this.#now());
  }

  /** Restores the initial limits, with nothing used. */
  reset(): void {
    this.set(this.#initial);
  }

  /** Counts a request with this number of tokens, or returns why it is refused. */
  admit(tokens: number): Refusal | undefined {
    const admission = admit(this.#allowances, tokens, this.#now());
    if (!admission.admitted) return admission.refusal;
    this.#allowances = admission.allowances;
    return undefined;
  }

  /** Returns the remaining amount of each limit. */
  left(): { limited: 'requests' | 'tokens'; limit: number; remaining: number; resetMs: number }[] {
    const now = this.#now();
    return (['requests', 'tokens'] as const).flatMap((limited) => {
      const allowance = this.#allowances[limited];
      return allowance === undefined ? [] : [{ limited, limit: allowance.limit, ...allowance.left(now) }];
    });
  }
}

function fresh({ rpm, tpm, limiter, windowMs, burstMs }: LimitSettings, nowMs: number): Allowances {
  const allowance = (limit: number | undefined): Allowance | undefined => {
    if (limit === undefined) return undefined;
    const rate = { limit, windowMs, burstMs: Math.min(burstMs, windowMs) };
    return limiter === 'bucket' ? tokenBucket(rate, nowMs) : slidingWindow(rate);
  };
  return { requests: allowance(rpm), tokens: allowance(tpm) };
}
