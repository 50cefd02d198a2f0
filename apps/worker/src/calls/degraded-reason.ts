import type { DegradedReason } from '@parley/protocol';
import { BudgetSpentError, EngineDownError, RetryLater } from '@parley/translation';
import { isFelt, rateLimitWaitMs } from './retry-after.ts';

/** Returns why a session is degraded, for a call that was not made or has to wait; `undefined` if it is not. */
export function degradedReason(error: unknown): DegradedReason | undefined {
  if (error instanceof RetryLater) {
    return rateLimitWaitMs(error.cause) === undefined ? degradedReason(error.cause) : 'rate-limited';
  }
  const waitMs = rateLimitWaitMs(error);
  if (waitMs !== undefined) return isFelt(waitMs) ? 'rate-limited' : undefined;
  if (error instanceof EngineDownError) return 'engine-down';
  return error instanceof BudgetSpentError ? 'over-budget' : undefined;
}
