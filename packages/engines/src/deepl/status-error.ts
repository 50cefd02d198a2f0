import type { IncomingHttpHeaders } from 'node:http';
import {
  EngineRateLimitedError,
  EngineRejectedError,
  EngineUnavailableError,
  LanguagePairUnsupportedError,
  type EngineError,
} from '@parley/translation';
import { retryAfterMs } from '../retry-after.ts';

/** The character limit of a free account or of the cost control is reached: no waiting of ours helps. */
export const quotaExceeded = 456;

/** DeepL has no code for it; its English words are all that tells this 400 from any other. */
const languageUnsupported = /\b(?:source|target)_lang\b.{0,20}\bnot supported\b/i;

/**
 * The error of an answer that isn't 2xx: https://developers.deepl.com/docs/best-practices/error-handling. DeepL's own
 * message stays out of it.
 */
export function statusError(
  { statusCode, headers }: { readonly statusCode: number; readonly headers: IncomingHttpHeaders },
  body: string,
  now: number,
): EngineError {
  const what = `status ${statusCode}`;
  if (statusCode === 429 || statusCode === 529) {
    return new EngineRateLimitedError(`DeepL limits the rate of requests: ${what}`, retryAfterMs(headers, '', now));
  }
  if (statusCode >= 500 || statusCode === 408) {
    return new EngineUnavailableError(`DeepL is not available: ${what}`, {
      retryAfterMs: retryAfterMs(headers, '', now),
    });
  }
  if (statusCode === 400 && languageUnsupported.test(body)) {
    return new LanguagePairUnsupportedError("the engine doesn't translate between these languages");
  }
  if (statusCode === quotaExceeded) return quotaError();
  if (statusCode === 403) return new EngineRejectedError(`DeepL refused the API key: ${what}`);
  if (statusCode === 413) return new EngineRejectedError(`the text is too long for DeepL: ${what}`);
  return new EngineRejectedError(`DeepL refused the request: ${what}`);
}

export function quotaError(): EngineRejectedError {
  return new EngineRejectedError(`DeepL's quota of characters is used up: status ${quotaExceeded}`);
}
