import { EngineRejectedError, type EngineError } from '@parley/translation';
import type { HttpResponse } from '../pool/connection-pool.ts';
import { retryAfterMs } from '../retry-after.ts';
import { statusErrorOf } from '../status-error.ts';

/** The character limit of a free account or of cost control is reached; waiting does not help. */
export const quotaExceeded = 456;

const pairUnsupported = /\b(?:source|target)_lang\b.{0,20}\bnot supported\b/i;

/** Returns the error of a response that is not 2xx: https://developers.deepl.com/docs/best-practices/error-handling */
export function statusError(
  { statusCode, headers }: Pick<HttpResponse, 'statusCode' | 'headers'>,
  body: string,
  now: number,
): EngineError {
  if (statusCode === quotaExceeded) return quotaError();
  if (statusCode === 403) return new EngineRejectedError('DeepL refused the API key: status 403');
  if (statusCode === 413) return new EngineRejectedError('the text is too long for DeepL: status 413');
  return statusErrorOf({
    statusCode,
    message: body,
    retryAfterMs: retryAfterMs(headers, '', now),
    isRateLimit: statusCode === 429 || statusCode === 529,
    pairUnsupported,
  });
}

export function quotaError(): EngineRejectedError {
  return new EngineRejectedError(`DeepL's character quota is used up: status ${quotaExceeded}`);
}
