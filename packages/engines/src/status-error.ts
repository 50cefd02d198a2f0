import {
  EngineRateLimitedError,
  EngineRejectedError,
  EngineUnavailableError,
  LanguagePairUnsupportedError,
  type EngineError,
} from '@parley/translation';

export interface StatusErrorOptions {
  readonly statusCode: number;
  /** The server's error message; not part of the error, since it may quote the text. */
  readonly message: string;
  /** The requested delay, if the response had one. */
  readonly retryAfterMs: number | undefined;
  readonly isRateLimit: boolean;
  /** Matches the message of a 400 for an unsupported language pair, which has no error code of its own. */
  readonly pairUnsupported: RegExp;
}

/** Returns the error of a response that is not 2xx, for APIs that report errors by status. */
export function statusErrorOf({
  statusCode,
  message,
  retryAfterMs,
  isRateLimit,
  pairUnsupported,
}: StatusErrorOptions): EngineError {
  const what = `status ${statusCode}`;
  if (isRateLimit) return new EngineRateLimitedError(`the engine's rate limit is reached: ${what}`, retryAfterMs);
  if (statusCode >= 500 || statusCode === 408) {
    return new EngineUnavailableError(`the engine is not available: ${what}`, { retryAfterMs });
  }
  if (statusCode === 400 && pairUnsupported.test(message)) return new LanguagePairUnsupportedError();
  return new EngineRejectedError(`the engine refused the request: ${what}`);
}
