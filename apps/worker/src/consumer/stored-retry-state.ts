import type { FinalJobData } from '@parley/queues';
import type { RetryState, RetryLater } from '@parley/translation';

/**
 * Returns the retry state of a postponed final after its wait. It contains durations, since another worker's clock may
 * differ; a job that is late loses nothing by that.
 */
export function stateAfterWait({ delayMs, state, waitsFor }: RetryLater): RetryState {
  if (waitsFor === 'backoff') return { ...state, elapsedMs: state.elapsedMs + delayMs };
  const { waitMs = 0, refusals = 0 } = state.rateLimitWaits ?? {};
  return { ...state, rateLimitWaits: { waitMs: waitMs + delayMs, refusals } };
}

/** Converts a stored retry state. Older workers stored times of their own clocks, which are ignored. */
export function retryState(kept: NonNullable<FinalJobData['earlier']>): RetryState {
  const { attempts, badReplies, elapsedMs = 0, engineMs, rateLimitWaits } = kept;
  return { attempts, badReplies, elapsedMs, engineMs, rateLimitWaits };
}
