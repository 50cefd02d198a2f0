/** A rate limit. */
export interface Rate {
  /** The amount allowed in one window. */
  readonly limit: number;
  readonly windowMs: number;
  /** Capacity of a token bucket in milliseconds of refill; unused by a sliding window. */
  readonly burstMs: number;
}

export interface Left {
  readonly remaining: number;
  /** Time until the whole limit is available again. */
  readonly resetMs: number;
}

/**
 * The state of one rate limit. Immutable; `use` returns a new one. All times are milliseconds of one monotonic clock.
 */
export interface Allowance {
  readonly limit: number;
  /** Returns the time until an amount is available: 0 for now, `Infinity` for never. */
  waitMs(amount: number, nowMs: number): number;
  /** Uses an amount for which `waitMs` returned 0. */
  use(amount: number, nowMs: number): Allowance;
  left(nowMs: number): Left;
}
