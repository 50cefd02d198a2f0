import { ApiError } from '../api-error.ts';
import { retryHeaders } from '../rate-limit/answer.ts';
import { formatDuration } from '../rate-limit/duration.ts';
import type { RetryHint } from '../rate-limit/rate-limiter.ts';

/** The error of a fault that answers a status, with when to come back where the fault says so. */
export function faultError(
  { status, retryAfterMs }: { readonly status: number; readonly retryAfterMs?: number | undefined },
  hint: RetryHint,
): ApiError {
  const again = retryAfterMs === undefined ? '' : ` Please try again in ${formatDuration(retryAfterMs)}.`;
  return new ApiError(status, `Fails as it was told to.${again}`, {
    ...(status === 429 && { type: 'requests' as const }),
    code: status === 429 ? 'rate_limit_exceeded' : 'told_to_fail',
    ...(retryAfterMs !== undefined && { headers: retryHeaders(retryAfterMs, hint) }),
  });
}
