import { Redis } from 'ioredis';
import { leaveUnfitServer } from './leave-unfit-server.ts';

/**
 * Opens a connection to Redis. It comes back by itself at most a second after Redis does, leaves a server that takes no
 * writes, and sends commands under way again. The caller hears of troubles through `onError` and closes the connection.
 *
 * @param options.commandTimeoutMs how long a command may take, reconnecting included; unset: without limit
 * @param options.name shown in `CLIENT LIST`
 */
export function connectRedis(
  url: string,
  options: { onError: (error: Error) => void; commandTimeoutMs?: number; name?: string },
): Redis {
  const { onError, commandTimeoutMs, name } = options;
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    connectTimeout: 3000,
    // A peer that is gone without a word: longer than any blocking call of the queues.
    socketTimeout: 15_000,
    // Who subscribes does it again: ioredis would let a refusal go unhandled.
    autoResubscribe: false,
    // Also how long a timer outlives a disconnect() during an outage.
    disconnectTimeout: 250,
    ...leaveUnfitServer({ resend: true, onUnfit: onError }),
    ...(commandTimeoutMs === undefined ? {} : { commandTimeout: commandTimeoutMs }),
    ...(name === undefined ? {} : { connectionName: name }),
  });
  redis.on('error', onError);
  return redis;
}
