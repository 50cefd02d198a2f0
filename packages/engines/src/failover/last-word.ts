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

/** When it is worth coming back; `undefined`: never. */
function comeBackMs(error: EngineError): number | undefined {
  if (error instanceof EngineDownError || error instanceof RateLimitReachedError) return error.retryAfterMs;
  if (error instanceof EngineRateLimitedError || error instanceof EngineUnavailableError) {
    return error.retryAfterMs ?? usualPauseMs;
  }
  return error.retryable ? usualPauseMs : undefined;
}

/** Whether an endpoint merely had no room for a call: whoever waits gets its turn there. */
export function lacksRoom(error: EngineError): boolean {
  return error instanceof RateLimitReachedError || error instanceof EngineRateLimitedError;
}

/**
 * What to tell of a call that no endpoint could serve: the reason of the one that may serve it soonest, else that of one
 * which refused it (it would have served it), else that none knows the languages. Where one merely had no room, the call
 * has to wait for its turn, whatever is wrong with the others, and looks again when the soonest of all may serve it.
 *
 * @param refusals one of each endpoint, in the order in which they were asked; at least one
 */
export function lastWord(refusals: readonly EngineError[]): EngineError {
  const passing = refusals.flatMap((error) => {
    const inMs = comeBackMs(error);
    return inMs === undefined ? [] : [{ error, inMs }];
  });
  const [soonest] = passing.sort((one, other) => one.inMs - other.inMs);
  const turn = passing.find(({ error }) => lacksRoom(error));
  if (soonest !== undefined && turn !== undefined && turn !== soonest) {
    return new RateLimitReachedError(soonest.inMs, { cause: turn.error });
  }
  const refused = refusals.find((error) => error instanceof EngineRejectedError);
  const word = soonest?.error ?? refused ?? refusals[0];
  if (word === undefined) throw new TypeError('there was no endpoint to ask');
  return word;
}
