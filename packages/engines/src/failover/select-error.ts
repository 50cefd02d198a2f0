import {
  EngineDownError,
  EngineRateLimitedError,
  EngineRejectedError,
  EngineUnavailableError,
  RateLimitReachedError,
  type EngineError,
} from '@parley/translation';

/** Of an endpoint that has just failed, and doesn't say when it may serve a call. */
const usualPauseMs = 500;

/** When it is worth trying again; `undefined`: never. */
function retryAfterMsOf(error: EngineError): number | undefined {
  if (error instanceof EngineDownError || error instanceof RateLimitReachedError) return error.retryAfterMs;
  if (error instanceof EngineRateLimitedError || error instanceof EngineUnavailableError) {
    return error.retryAfterMs ?? usualPauseMs;
  }
  return error.retryable ? usualPauseMs : undefined;
}

/** Whether an endpoint merely had no capacity for a call: whoever waits is served there. */
export function lacksCapacity(error: EngineError): boolean {
  return error instanceof RateLimitReachedError || error instanceof EngineRateLimitedError;
}

/**
 * Selects the error of a call that no endpoint could serve: that of the endpoint that may serve it soonest, else that of
 * one which refused it (it would have served it), else that none knows the languages. Where one merely had no capacity,
 * the call has to wait for it, whatever is wrong with the others, and tries again when the soonest of all may serve it.
 *
 * @param errors one of each endpoint, in the order in which they were asked; at least one
 */
export function selectError(errors: readonly EngineError[]): EngineError {
  const passing = errors.flatMap((error) => {
    const inMs = retryAfterMsOf(error);
    return inMs === undefined ? [] : [{ error, inMs }];
  });
  const [soonest] = passing.sort((one, other) => one.inMs - other.inMs);
  const waiting = passing.find(({ error }) => lacksCapacity(error));
  if (soonest !== undefined && waiting !== undefined && waiting !== soonest) {
    return new RateLimitReachedError(soonest.inMs, { cause: waiting.error });
  }
  const refused = errors.find((error) => error instanceof EngineRejectedError);
  const selected = soonest?.error ?? refused ?? errors[0];
  if (selected === undefined) throw new TypeError('there was no endpoint to ask');
  return selected;
}
