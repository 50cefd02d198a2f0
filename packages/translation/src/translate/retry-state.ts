/**
 * What was done for a final before it was postponed; the retry policy applies to all of it. If the final is continued late, the
 * additional delay does not count.
 */
export interface RetryState {
  readonly attempts: number;
  /** Number of calls whose reply was not a translation. */
  readonly badReplies: number;
  /** Milliseconds since the first call began, without waits for capacity. */
  readonly elapsedMs: number;
  /** Total time inside calls. */
  readonly engineMs: number;
  /** Total wait for capacity, and the number of consecutive refusals. */
  readonly rateLimitWaits?: { readonly waitMs: number; readonly refusals: number } | undefined;
}

/** Thrown when the next call of a final is too far away to wait for: it should be continued after `delayMs` with this state. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  readonly delayMs: number;
  readonly state: RetryState;
  /** `rate-limit`: the delay counts as a wait for capacity. */
  readonly waitsFor: 'backoff' | 'rate-limit';

  constructor(delayMs: number, state: RetryState, waitsFor: 'backoff' | 'rate-limit', options?: ErrorOptions) {
    super(`the next call is made in ${Math.round(delayMs)} ms`, options);
    this.delayMs = delayMs;
    this.state = state;
    this.waitsFor = waitsFor;
  }
}
