import type { FinalJobData } from '@parley/queues';
import type { RetryState, RetryLater } from '@parley/translation';

/**
 * The calls of a final that is put off, as they will stand when its job comes again. They are durations, since the worker
 * that takes it then may have another clock; a job that comes late has lost nothing by that.
 */
export function stateAfterWait({ delayMs, soFar, waitsFor }: RetryLater): RetryState {
  if (waitsFor === 'backoff') return { ...soFar, elapsedMs: soFar.elapsedMs + delayMs };
  const { waitMs = 0, refusals = 0 } = soFar.rateLimitWaits ?? {};
  return { ...soFar, rateLimitWaits: { waitMs: waitMs + delayMs, refusals } };
}

/** The calls so far, as the service wants them. Older workers kept moments of their own clocks, which tell nothing here. */
export function retryState(kept: NonNullable<FinalJobData['earlier']>): RetryState {
  const { attempts, badReplies, elapsedMs = 0, engineMs, rateLimitWaits } = kept;
  return { attempts, badReplies, elapsedMs, engineMs, rateLimitWaits };
}
