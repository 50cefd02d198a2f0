import {
  EngineDownError,
  EngineRateLimitedError,
  EngineRejectedError,
  RateLimitReachedError,
  type EngineError,
} from '@parley/translation';

/** Of an engine that refused a call for its rate and didn't say for how long. */
const usualPauseMs = 500;

/** When an error says that it is worth coming back; `undefined`: never. */
function comeBackMs(error: EngineError): number | undefined {
  if (error instanceof EngineDownError || error instanceof RateLimitReachedError) return error.retryAfterMs;
  return error instanceof EngineRateLimitedError ? (error.retryAfterMs ?? usualPauseMs) : undefined;
}

/**
 * What to tell of a call that no endpoint could serve: the reason of the one that may serve it soonest, else that of one
 * which refused it (it would have served it), else that none knows the languages.
 *
 * @param refusals one of each endpoint, in the order in which they were asked; at least one
 */
export function lastWord(refusals: readonly EngineError[]): EngineError {
  const passing = refusals.filter((error) => comeBackMs(error) !== undefined);
  const [soonest] = passing.sort((one, other) => (comeBackMs(one) ?? 0) - (comeBackMs(other) ?? 0));
  const refused = refusals.find((error) => error instanceof EngineRejectedError);
  const word = soonest ?? refused ?? refusals[0];
  if (word === undefined) throw new TypeError('there was no endpoint to ask');
  return word;
}
