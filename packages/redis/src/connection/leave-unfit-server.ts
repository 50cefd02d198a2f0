import type { RedisOptions } from 'ioredis';

/**
 * Errors of a server that can't accept writes now, while another one may: a former master that is now a replica
 * (`READONLY`, `MASTERDOWN`, `UNBLOCKED` for a blocked call), a master without replicas (`NOREPLICAS`), a server that
 * is loading the data of the new master (`LOADING`). Before Redis 7 they are in the middle of a script's error.
 */
const unfit = /(?:^|\s)-?(?:READONLY|MASTERDOWN|NOREPLICAS|LOADING|UNBLOCKED) /;

/** Within this time after leaving a server, the name is assumed to lead to the same one. */
const resetAfterMs = 5000;
const maxDelayMs = 500;

/**
 * Returns options with which a connection leaves a server that can't accept writes and resolves the host name again;
 * after a failover, old connections would otherwise stay with the former master forever. While the name leads to such a
 * server, the delay between attempts grows up to half a second.
 *
 * @param resend whether the failed command is sent again over the new connection, or fails
 * @param onUnfit receives the error, once per connection
 */
export function leaveUnfitServer({
  resend,
  onUnfit,
}: {
  readonly resend: boolean;
  readonly onUnfit: (error: Error) => void;
}): Pick<RedisOptions, 'reconnectOnError' | 'retryStrategy'> {
  let isLeaving = false;
  let leaveCount = 0;
  let leftAtMs = -Infinity;
  return {
    reconnectOnError: (error) => {
      if (!unfit.test(error.message)) return false;
      if (!isLeaving) onUnfit(error);
      isLeaving = true;
      return resend ? 2 : 1;
    },
    // ioredis resets its count of attempts when a connection is ready, as one to an unfit server is each time.
    retryStrategy: (attempt) => {
      const nowMs = performance.now();
      if (nowMs - leftAtMs > resetAfterMs) leaveCount = 0;
      if (isLeaving) {
        isLeaving = false;
        leaveCount += 1;
        leftAtMs = nowMs;
      }
      return Math.min(Math.max(attempt, leaveCount) * 100, maxDelayMs);
    },
  };
}
