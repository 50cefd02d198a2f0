import { Redis } from 'ioredis';
import { leaveUnfitServer } from './leave-unfit-server.ts';

/**
 * Opens a connection to Redis. It reconnects within a second after Redis is back, leaves a server that rejects writes,
 * and resends unanswered commands. The caller closes it.
 *
 * @param options.onError receives connection errors
 * @param options.commandTimeoutMs how long a command may take, including reconnecting; unset: no limit
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
    // Detects a dead peer; longer than any blocking call of the queues.
    socketTimeout: 15_000,
    // Subscribers resubscribe themselves: ioredis would leave a rejected subscription as an unhandled rejection.
    autoResubscribe: false,
    // Also how long a timer outlives a disconnect() during an outage.
    disconnectTimeout: 250,
    ...leaveUnfitServer({ resend: true, onUnfit: onError }),
    ...(commandTimeoutMs === undefined ? {} : { commandTimeout: commandTimeoutMs }),
    ...(name === undefined ? {} : { connectionName: name }),
  });
  redis.on('error', onError);
  // On a server that rejects writes, ioredis adds a listener for each of its replies until the connection is closed.
  redis.on('connect', () => void redis.stream.setMaxListeners(0));
  return redis;
}
