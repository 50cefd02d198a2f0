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

/** The code of an engine that knows its language pairs: an extension of Parley's own local engine. */
const pairUnsupported = 'language_pair_unsupported';
/** A 429 that no waiting helps: https://platform.openai.com/docs/guides/error-codes */
const quotaUsedUp = 'insufficient_quota';

/**
 * Answers that may be other ones next time, besides 5xx: time-out, conflict, too early, and Groq's "capacity exceeded"
 * (https://console.groq.com/docs/errors).
 */
const passingStatuses = new Set([408, 409, 425, 498]);

/** OpenAI's words where a model thought until its limit, instead of an empty reply that ended by `length`. */
const limitReached = /\bmax_(?:completion_)?tokens or model output limit was reached\b/i;

/** Where an answer 3xx sends its reader, without what may be a secret in it; a redirect isn't followed, for the key goes along. */
function describeMove({ location = '' }: IncomingHttpHeaders): string {
  const to = URL.parse(location);
  return to === null ? '' : ` to ${to.origin}${to.pathname}`;
}

/** Codes are words; anything else might be something that was said. */
function describe(statusCode: number, { code, params }: ErrorDetail): string {
  const words = [code, params[0]].filter((word) => word !== undefined && /^[\w.-]{1,64}$/.test(word));
  return ['status', statusCode, ...words].join(' ');
}

/** The error of an answer that isn't 2xx. The engine's own message stays out of it: it may quote the text. */
export function statusError(
  { statusCode, headers }: { readonly statusCode: number; readonly headers: IncomingHttpHeaders },
  detail: ErrorDetail,
  now: number,
): EngineError {
  const what = describe(statusCode, detail);
  if (detail.code === pairUnsupported) {
    return new LanguagePairUnsupportedError("the engine doesn't translate between these languages");
  }
  if (statusCode === 429 && detail.code !== quotaUsedUp && detail.type !== quotaUsedUp) {
    return new EngineRateLimitedError(
      `the engine limits the rate of requests: ${what}`,
      retryAfterMs(headers, detail.message, now, detail),
      { limits: limitsIn(headers) },
    );
  }
  if (statusCode >= 500 || passingStatuses.has(statusCode)) {
    // Rate limits, which its other headers may tell, are not why.
    const { 'retry-after': retryAfter, 'retry-after-ms': inMs } = headers;
    const waitMs = retryAfterMs({ 'retry-after': retryAfter, 'retry-after-ms': inMs }, detail.message, now, detail);
    return new EngineUnavailableError(`the engine is not available: ${what}`, { retryAfterMs: waitMs });
  }
  if (statusCode === 400 && limitReached.test(detail.message)) return new OutputLimitError('');
  if (statusCode >= 300 && statusCode < 400) {
    return new EngineRejectedError(`the base URL leads elsewhere: ${what}${describeMove(headers)}`);
  }
  return new EngineRejectedError(`the engine refused the request: ${what}`);
}
