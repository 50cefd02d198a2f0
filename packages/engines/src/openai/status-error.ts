import type { IncomingHttpHeaders } from 'node:http';
import {
  EngineRateLimitedError,
  EngineRejectedError,
  EngineUnavailableError,
  LanguagePairUnsupportedError,
  type EngineError,
} from '@parley/translation';
import type { ErrorDetail } from './error-body.ts';
import { OutputLimitError } from './finish-reason.ts';
import { limitsIn } from './rate-limit-headers.ts';
import { retryAfterMs } from '../retry-after.ts';

/** Extension of Parley's local engine, which knows its language pairs. */
const pairUnsupported = 'language_pair_unsupported';
/** A 429 that is not resolved by waiting: https://platform.openai.com/docs/guides/error-codes */
const quotaUsedUp = 'insufficient_quota';

/**
 * Temporary failures besides 5xx: time-out, conflict, too early, and Groq's "capacity exceeded"
 * (https://console.groq.com/docs/errors).
 */
const passingStatuses = new Set([408, 409, 425, 498]);

/** OpenAI's error if a model's reasoning reached the limit, instead of an empty reply with `length`. */
const limitReached = /\bmax_(?:completion_)?tokens or model output limit was reached\b/i;

/** Describes the target of a redirect without parts that may be secret. Redirects are not followed, to protect the key. */
function describeMove({ location = '' }: IncomingHttpHeaders): string {
  const to = URL.parse(location);
  return to === null ? '' : ` to ${to.origin}${to.pathname}`;
}

/** Describes an error by its codes; anything that does not look like a code may be transcript text. */
function describe(statusCode: number, { code, params }: ErrorDetail): string {
  const words = [code, params[0]].filter((word) => word !== undefined && /^[\w.-]{1,64}$/.test(word));
  return ['status', statusCode, ...words].join(' ');
}

/** Returns the error of a response that is not 2xx. The engine's message is omitted, since it may quote the text. */
export function statusError(
  { statusCode, headers }: { readonly statusCode: number; readonly headers: IncomingHttpHeaders },
  detail: ErrorDetail,
  now: number,
): EngineError {
  const what = describe(statusCode, detail);
  if (detail.code === pairUnsupported) {
    return new LanguagePairUnsupportedError();
  }
  if (statusCode === 429 && detail.code !== quotaUsedUp && detail.type !== quotaUsedUp) {
    return new EngineRateLimitedError(
      `the engine's rate limit is reached: ${what}`,
      retryAfterMs(headers, detail.message, now, detail),
      { limits: limitsIn(headers) },
    );
  }
  if (statusCode >= 500 || passingStatuses.has(statusCode)) {
    // Rate-limit headers are ignored, since they are not the cause.
    const { 'retry-after': retryAfter, 'retry-after-ms': inMs } = headers;
    const waitMs = retryAfterMs({ 'retry-after': retryAfter, 'retry-after-ms': inMs }, detail.message, now, detail);
    return new EngineUnavailableError(`the engine is not available: ${what}`, { retryAfterMs: waitMs });
  }
  if (statusCode === 400 && limitReached.test(detail.message)) return new OutputLimitError('');
  if (statusCode >= 300 && statusCode < 400) {
    return new EngineRejectedError(`the base URL redirects: ${what}${describeMove(headers)}`);
  }
  return new EngineRejectedError(`the engine refused the request: ${what}`);
}
