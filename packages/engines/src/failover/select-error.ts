import {
  EngineDownError,
  EngineRateLimitedError,
  EngineRejectedError,
  EngineUnavailableError,
  RateLimitReachedError,
  type EngineError,
} from '@parley/translation';

/** Retry delay after a failure without a requested one. */
const usualPauseMs = 500;

/** Returns the delay before a retry is worthwhile; `undefined`: never. */
function retryAfterMsOf(error: EngineError): number | undefined {
  if (error instanceof EngineDownError || error instanceof RateLimitReachedError) return error.retryAfterMs;
  if (error instanceof EngineRateLimitedError || error instanceof EngineUnavailableError) {
    return error.retryAfterMs ?? usualPauseMs;
  }
  return error.retryable ? usualPauseMs : undefined;
}

/** Whether the endpoint merely had no capacity, so that waiting is sufficient. */
export function lacksCapacity(error: EngineError): boolean {
  return error instanceof RateLimitReachedError || error instanceof EngineRateLimitedError;
}

/**
 * Selects the error to throw when no endpoint served a call: that of the endpoint available soonest, else a rejection, else
 * an unsupported language pair. If an endpoint merely had no capacity, the result is a `RateLimitReachedError`, with the
 * shortest delay of all endpoints.
 *
 * @param errors of the endpoints, in the order they were called; at least one
 */
export function selectError(errors: readonly EngineError[]): EngineError {
  const passing = errors.flatMap((error) => {
    const inMs = retryAfterMsOf(error);
    return inMs === undefined ? [] : [{ error, inMs }];
  });
  const [soonest] = passing.sort((one, other) => one.inMs - other.inMs);
  const waiting = passing.find(({ error }) => lacksCapacity(error));
  if (soonest !== undefined && waiting !== undefined && waiting !== soonest) {
    const isPaced = waiting.error instanceof RateLimitReachedError && waiting.error.isPaced;
    return new RateLimitReachedError(soonest.inMs, { cause: waiting.error, isPaced });
  }
  const refused = errors.find((error) => error instanceof EngineRejectedError);
  const selected = soonest?.error ?? refused ?? errors[0];
  if (selected === undefined) throw new TypeError('no endpoint was called');
  return selected;
}
