import { ApiError } from '../api-error.ts';
import type { ChatRequest } from '../chat-request.ts';
import { countTokens } from '../tokens.ts';
import type { Refusal } from './admission.ts';
import { formatDuration } from './duration.ts';
import type { RateLimiter, RetryHint } from './rate-limiter.ts';

/**
 * Returns the tokens that a request uses of the limit: its prompt and its output limit, or if it has none, as many tokens
 * as its text. As with OpenAI, nothing is refunded if the reply is shorter.
 */
export function countedTokens({ prompt, text, maxTokens }: ChatRequest): number {
  return countTokens(prompt) + (maxTokens === Infinity ? countTokens(text) : maxTokens);
}

/** Returns OpenAI's headers with the remaining limits: https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers */
export function limitHeaders(limiter: RateLimiter): Record<string, string> {
  if (limiter.settings.retryHint === 'text') return {};
  return Object.fromEntries(
    limiter.left().flatMap(({ limited, limit, remaining, resetMs }) => [
      [`x-ratelimit-limit-${limited}`, String(limit)],
      [`x-ratelimit-remaining-${limited}`, String(remaining)],
      [`x-ratelimit-reset-${limited}`, formatDuration(resetMs)],
    ]),
  );
}

/** Returns the 429 for a refused request, worded like OpenAI's. */
export function rateLimitError(refusal: Refusal, model: string, hint: RetryHint): ApiError {
  const { limited, limit, used, requested, retryAfterMs } = refusal;
  const what = `on ${limited} per min (${limited === 'requests' ? 'RPM' : 'TPM'}): Limit ${limit}`;
  const message =
    retryAfterMs === Infinity
      ? `Request too large for ${model} ${what}, Requested ${requested}. The input or output tokens must be reduced in order to run successfully.`
      : `Rate limit reached for ${model} ${what}, Used ${used}, Requested ${requested}. Please try again in ${formatDuration(retryAfterMs)}.`;
  return new ApiError(429, message, {
    type: limited,
    code: 'rate_limit_exceeded',
    headers: retryHeaders(retryAfterMs, hint),
  });
}

/** `retry-after` in whole seconds (RFC 9110, section 10.2.3) and OpenAI's `retry-after-ms`, both rounded up. */
export function retryHeaders(retryAfterMs: number, hint: RetryHint): Record<string, string> {
  if (retryAfterMs === Infinity || hint === 'text') return {};
  return {
    ...(hint !== 'milliseconds' && { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
    ...(hint !== 'seconds' && { 'retry-after-ms': String(Math.ceil(retryAfterMs)) }),
  };
}
