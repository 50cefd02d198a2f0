import type { Clock } from '../clock.ts';
import { rateLimitBackoffMs } from '../limit/pauses.ts';
import { hasBacklog } from '../limit/rate-limiter.ts';
import type { TranslationRequest } from '../engine/engine.ts';
import { EngineCancelledError, EngineRateLimitedError, RateLimitReachedError } from '../engine/engine-error.ts';
import { RetryLater, type RetryState } from './retry-state.ts';
import { decideRateLimitWait, type RetryPolicy } from './retry-policy.ts';

export interface RateLimitWaitOptions {
  readonly request: Pick<TranslationRequest, 'kind' | 'backlogPosition'>;
  readonly policy: Pick<RetryPolicy, 'maxRateLimitWaitMs'>;
  /** A longer wait for capacity is postponed with `RetryLater`. */
  readonly longestWaitMs: number;
  readonly clock: Clock;
  readonly random: () => number;
}

type CountedCalls = Omit<RetryState, 'rateLimitWaits' | 'elapsedMs'>;

/** A call that was refused, by Parley's own limiter or by the engine. */
type Refused = RateLimitReachedError | EngineRateLimitedError;

/** Whether a call has to wait for capacity after this error; `RateLimitWait` throws it after waiting for too long. */
export function isRefused(error: unknown): error is Refused {
  return error instanceof RateLimitReachedError || error instanceof EngineRateLimitedError;
}

/**
 * Makes the calls of one text, waiting for capacity under the rate limit. Neither a wait nor a call refused for the rate limit
 * counts as an attempt.
 */
export class RateLimitWait {
  readonly #options: RateLimitWaitOptions;
  #waitMs: number;
  #refusals: number;
  #startedAtMs: number;
  #calledAtMs: number;

  constructor(options: RateLimitWaitOptions, { rateLimitWaits = { waitMs: 0, refusals: 0 }, elapsedMs }: RetryState) {
    this.#options = options;
    // A final behind many others of its session may wait for them without limit.
    this.#waitMs = hasBacklog(options.request) ? 0 : rateLimitWaits.waitMs;
    this.#refusals = rateLimitWaits.refusals;
    this.#calledAtMs = options.clock.now();
    this.#startedAtMs = this.#calledAtMs - elapsedMs;
  }

  /** Milliseconds since the first call began, without waits for capacity. */
  get elapsedMs(): number {
    return this.#options.clock.now() - this.#startedAtMs;
  }

  /** Milliseconds since the last call began. */
  get callMs(): number {
    return this.#options.clock.now() - this.#calledAtMs;
  }

  /** Returns the state for continuing later. */
  stateAfter(calls: CountedCalls): RetryState {
    const rateLimitWaits = { waitMs: this.#waitMs, refusals: this.#refusals };
    const elapsedMs = this.elapsedMs;
    return rateLimitWaits.waitMs + rateLimitWaits.refusals === 0
      ? { ...calls, elapsedMs }
      : { ...calls, elapsedMs, rateLimitWaits };
  }

  /**
   * Makes the call as soon as there is capacity.
   *
   * @throws RateLimitReachedError or EngineRateLimitedError after waiting for too long
   * @throws RetryLater if the next try is too far away to wait for
   */
  async call<Reply>(call: () => Promise<Reply>, calls: CountedCalls, signal: AbortSignal): Promise<Reply> {
    for (;;) {
      this.#calledAtMs = this.#options.clock.now();
      try {
        const reply = await call();
        this.#refusals = 0;
        return reply;
      } catch (error) {
        if (!isRefused(error)) {
          this.#refusals = 0;
          throw error;
        }
        await this.#wait(error, calls, signal);
      }
    }
  }

  async #wait(refused: Refused, calls: CountedCalls, signal: AbortSignal): Promise<void> {
    const { policy, longestWaitMs, clock, random } = this.#options;
    this.#refusals++;
    const { retryAfterMs = rateLimitBackoffMs(this.#refusals, random()) } = refused;
    const { backlogPosition = 0 } = this.#options.request;
    // While others have their shares, a final waits without limit.
    if (refused instanceof RateLimitReachedError && refused.isPaced) this.#waitMs = 0;
    const refusal = {
      retryAfterMs,
      refusals: this.#refusals,
      backlogPosition,
      waitedMs: this.#waitMs,
      random: random(),
    };
    const decision = decideRateLimitWait(refusal, policy);
    if (decision.type === 'give-up') throw refused;
    if (decision.delayMs > longestWaitMs) {
      throw new RetryLater(decision.delayMs, this.stateAfter(calls), 'rate-limit', { cause: refused });
    }
    try {
      await clock.delay(decision.delayMs, signal);
    } catch (cause) {
      throw new EngineCancelledError('the call was cancelled while it waited for capacity', { cause });
    }
    const waitedMs = clock.now() - this.#calledAtMs;
    this.#waitMs += waitedMs;
    this.#startedAtMs += waitedMs;
  }
}
