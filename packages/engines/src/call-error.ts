import {
  EngineError,
  EngineRejectedError,
  EngineTimeoutError,
  EngineUnavailableError,
  type EngineError as AnyEngineError,
} from '@parley/translation';
import { errors } from 'undici';

/** undici's parser errors carry the bytes that they stumbled over, which may be a translation. */
function withoutData(error: unknown): unknown {
  return error instanceof errors.HTTPParserError ? new Error(`${error.name}: ${error.code}`) : error;
}

/**
 * Turns whatever a call threw into the `EngineError` of its cause.
 *
 * @param signal the call's deadline, whose reason is such an error already
 */
export function callError(error: unknown, signal: AbortSignal, connectTimeoutMs: number): AnyEngineError {
  if (error instanceof EngineError) return error;
  if (signal.aborted && signal.reason instanceof EngineError) return signal.reason;
  const options = { cause: withoutData(error) };
  if (error instanceof errors.ConnectTimeoutError) return new EngineTimeoutError('connect', connectTimeoutMs, options);
  if (error instanceof errors.InvalidArgumentError) {
    return new EngineRejectedError('the request to the engine can not be made', options);
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return new EngineUnavailableError(`the connection to the engine failed: ${code}`, options);
}
