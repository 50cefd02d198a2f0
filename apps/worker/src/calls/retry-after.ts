import { EngineRateLimitedError, RateLimitReachedError } from '@parley/translation';

/** Assumed wait after a rate-limit refusal without a requested delay. */
const usualWaitMs = 500;
/** Shorter waits are not noticeable. */
const feltMs = 250;

/** Returns the milliseconds until a refused call may be made; `undefined` if it failed for another reason. */
export function rateLimitWaitMs(error: unknown): number | undefined {
  if (error instanceof RateLimitReachedError) return error.retryAfterMs;
  return error instanceof EngineRateLimitedError ? (error.retryAfterMs ?? usualWaitMs) : undefined;
}

/** Whether a wait is long enough to degrade a session. */
export function isFelt(waitMs: number): boolean {
  return waitMs > feltMs;
}
