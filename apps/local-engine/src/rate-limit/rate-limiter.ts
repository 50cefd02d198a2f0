import { admit, type Allowances, type Refusal } from './admission.ts';
import type { Allowance } from './allowance.ts';
import { slidingWindow } from './sliding-window.ts';
import { tokenBucket } from './token-bucket.ts';

/** Where a 429 says when to come back; `text`: in its message alone, and then no answer has `x-ratelimit-*` headers. */
export type RetryHint = 'both' | 'seconds' | 'milliseconds' | 'text';

export interface LimitSettings {
  /** Requests in a window; `undefined`: as many as one likes. */
  readonly rpm: number | undefined;
  /** Tokens in a window; `undefined`: as many as one likes. */
  readonly tpm: number | undefined;
  readonly limiter: 'bucket' | 'sliding';
  /** A minute, but for tests that have less time. */
  readonly windowMs: number;
  /** How many milliseconds of refill a bucket holds, at most a window's. */
  readonly burstMs: number;
  readonly retryHint: RetryHint;
}

/** Holds the limits and what is left of them, for all clients together. */
export class RateLimiter {
  readonly #initial: LimitSettings;
  readonly #now: () => number;
  #settings: LimitSettings;
  #allowances: Allowances;

  /** @param now a clock that never goes back, in milliseconds */
  constructor(settings: LimitSettings, now: () => number = () => performance.now()) {
    this.#initial = settings;
    this.#now = now;
    this.#settings = settings;
    this.#allowances = fresh(settings, now());
  }

  get settings(): LimitSettings {
    return this.#settings;
  }

  /** Sets other limits, nothing of them used. */
  set(settings: LimitSettings): void {
    this.#settings = settings;
    this.#allowances = fresh(settings, this.#now());
  }

  /** Goes back to the limits of the start, nothing of them used. */
  reset(): void {
    this.set(this.#initial);
  }

  /** Counts a request of so many tokens, or says why not. */
  admit(tokens: number): Refusal | undefined {
    const admission = admit(this.#allowances, tokens, this.#now());
    if (!admission.admitted) return admission.refusal;
    this.#allowances = admission.allowances;
    return undefined;
  }

  /** What is left now, of what is limited. */
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
