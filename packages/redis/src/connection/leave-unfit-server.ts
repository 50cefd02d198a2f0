import type { RedisOptions } from 'ioredis';

/**
 * Errors of a server that can't take writes now, while another one may: a replica that was the master before
 * (`READONLY`, `MASTERDOWN`, `UNBLOCKED` for a call that waited), a master that its replicas have left (`NOREPLICAS`), one
 * that loads what the new master has (`LOADING`). A Redis before 7 has them in the middle of a script's error.
 */
const unfit = /(?:^|\s)-?(?:READONLY|MASTERDOWN|NOREPLICAS|LOADING|UNBLOCKED) /;

/** A server that was unfit so lately may still be. */
const rememberedForMs = 5000;
const longestDelayMs = 1000;

/**
 * Options by which a connection leaves a server that can't take writes, and looks up anew who answers to its name: after a
 * fail-over the old connections would stay with the old master for ever. As long as the name leads to such a server, the
 * pauses grow up to a second.
 *
 * @param resend whether the command that failed is sent again over the new connection, or fails
 * @param onUnfit hears the error, once a connection
 */
export function leaveUnfitServer({
  resend,
  onUnfit,
}: {
  readonly resend: boolean;
  readonly onUnfit: (error: Error) => void;
}): Pick<RedisOptions, 'reconnectOnError' | 'retryStrategy'> {
  let isLeaving = false;
  let timesLeft = 0;
  let leftAtMs = -Infinity;
  return {
    reconnectOnError: (error) => {
      if (!unfit.test(error.message)) return false;
      if (!isLeaving) onUnfit(error);
      isLeaving = true;
      return resend ? 2 : 1;
    },
    // ioredis counts attempts from the last connection that was ready, as that to an unfit server is each time.
    retryStrategy: (attempt) => {
      const nowMs = performance.now();
      if (nowMs - leftAtMs > rememberedForMs) timesLeft = 0;
      if (isLeaving) {
        isLeaving = false;
        timesLeft += 1;
        leftAtMs = nowMs;
      }
      return Math.min(Math.max(attempt, timesLeft) * 100, longestDelayMs);
    },
  };
}
