/**
 * What was done for a final before it was put off: the limits of its retry policy hold over all of it. When it comes later
 * than it was put off for, the rest of that time counts for nothing.
 */
export interface RetryState {
  readonly attempts: number;
  /** How many of them were answered by something that is no translation. */
  readonly badReplies: number;
  /** Since the first call began, waits for room under the rate limit not counted. */
  readonly elapsedMs: number;
  /** The time inside calls. */
  readonly engineMs: number;
  /** The waits for room under the rate limit, and how often there was none in a row. */
  readonly rateLimitWaits?: { readonly waitMs: number; readonly refusals: number } | undefined;
}

/**
 * The next call of a final is so far away that nothing should be kept waiting for it: it is to be asked for again after
 * `delayMs`, with what was done so far.
 */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  readonly delayMs: number;
  readonly soFar: RetryState;
  /** `turn`: the time until it is asked for again counts as a wait for room under the rate limit. */
  readonly waitsFor: 'backoff' | 'rate-limit';

  constructor(delayMs: number, soFar: RetryState, waitsFor: 'backoff' | 'rate-limit', options?: ErrorOptions) {
    super(`the next call is made in ${Math.round(delayMs)} ms`, options);
    this.delayMs = delayMs;
    this.soFar = soFar;
    this.waitsFor = waitsFor;
  }
}
