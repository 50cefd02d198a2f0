/** How much of something is allowed. */
export interface Rate {
  /** What may be used in one window. */
  readonly limit: number;
  readonly windowMs: number;
  /** How many milliseconds of refill a token bucket holds at most; a sliding window has no use for it. */
  readonly burstMs: number;
}

/** What is left of an allowance. */
export interface Left {
  readonly remaining: number;
  /** The time until nothing counts as used any more. */
  readonly resetMs: number;
}

/**
 * What may still be used of one limited quantity. Immutable: what is used gives a new one. All times are of one clock
 * that never goes back, in milliseconds.
 */
export interface Allowance {
  readonly limit: number;
  /** The time until an amount may be used: 0 now, `Infinity` never. */
  waitMs(amount: number, nowMs: number): number;
  /** Uses an amount that `waitMs` gave 0 for. */
  use(amount: number, nowMs: number): Allowance;
  left(nowMs: number): Left;
}
