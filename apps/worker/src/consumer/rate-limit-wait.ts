import { EngineRateLimitedError, RateLimitReachedError } from '@parley/translation';

/** Where an engine refused a call for its rate and didn't say for how long. */
const usualWaitMs = 500;
/** A shorter wait than this nobody notices. */
const feltMs = 250;

/** When a call may be made that there was no room for; `undefined` where it failed for another reason. */
export function rateLimitWaitMs(error: unknown): number | undefined {
  if (error instanceof RateLimitReachedError) return error.retryAfterMs;
  return error instanceof EngineRateLimitedError ? (error.retryAfterMs ?? usualWaitMs) : undefined;
}

/** Whether a session that has to wait so long gets less than it could. */
export function isFelt(waitMs: number): boolean {
  return waitMs > feltMs;
}
