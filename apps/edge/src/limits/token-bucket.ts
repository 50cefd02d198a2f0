export interface TokenRate {
  readonly perSecond: number;
  /** Maximum number of tokens available at once. */
  readonly burst: number;
}

/** A token bucket: initially full, refilled at a steady rate. Times are milliseconds of the caller's clock. */
export class TokenBucket {
  readonly #rate: TokenRate;
  #tokens: number;
  #filledAtMs: number;

  constructor(rate: TokenRate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAtMs = nowMs;
  }

  /** Takes tokens; returns `false`, and takes none, if there are too few. */
  take(nowMs: number, count = 1): boolean {
    this.#fill(nowMs);
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }

  /** Takes tokens even if there are too few; returns after how many milliseconds there will be enough. */
  spend(nowMs: number, count: number): number {
    this.#fill(nowMs);
    this.#tokens -= count;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#rate.perSecond) * 1000;
  }

  /** Takes tokens afterwards, for work that turned out to be more; a debt never exceeds a burst. */
  charge(count: number): void {
    this.#tokens -= count;
    this.limitDebt();
  }

  /** Lets off what exceeds a debt of a burst. */
  limitDebt(): void {
    this.#tokens = Math.max(-this.#rate.burst, this.#tokens);
  }

  /** Returns tokens that were taken. */
  putBack(count: number): void {
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + count);
  }

  /** A clock that was set back refills nothing. */
  #fill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#filledAtMs);
    this.#filledAtMs = nowMs;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + (elapsedMs * this.#rate.perSecond) / 1000);
  }
}
