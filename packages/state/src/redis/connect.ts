import { Redis } from 'ioredis';

/**
 * Opens a connection to Redis. It comes back by itself at most a second after Redis does, and commands under way are
 * sent again. The caller hears `error` events through `onError` and closes the connection.
 *
 * @param commandTimeoutMs how long a command may take, reconnecting included; unset: without limit
 */
export function connectRedis(
  url: string,
  options: { onError: (error: Error) => void; commandTimeoutMs?: number },
): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    // A peer that is gone without a word: longer than any blocking call of the lanes.
    socketTimeout: 15_000,
    retryStrategy: (attempt) => Math.min(attempt * 100, 1000),
    ...(options.commandTimeoutMs === undefined ? {} : { commandTimeout: options.commandTimeoutMs }),
  });
  redis.on('error', options.onError);
  return redis;
}
