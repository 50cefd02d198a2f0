import { ApiError } from '../api-error.ts';
import { retryHeaders } from '../rate-limit/answer.ts';
import { formatDuration } from '../rate-limit/duration.ts';
import type { RetryHint } from '../rate-limit/rate-limiter.ts';

/** Returns the error of a fault with a status, with the retry delay if the fault has one. */
export function faultError(
  { status, retryAfterMs }: { readonly status: number; readonly retryAfterMs?: number | undefined },
  hint: RetryHint,
): ApiError {
  const retryText = retryAfterMs === undefined ? '' : ` Please try again in ${formatDuration(retryAfterMs)}.`;
  return new ApiError(status, `Simulated failure.${retryText}`, {
    ...(status === 429 && { type: 'requests' as const }),
    code: status === 429 ? 'rate_limit_exceeded' : 'told_to_fail',
    ...(retryAfterMs !== undefined && { headers: retryHeaders(retryAfterMs, hint) }),
  });
}
