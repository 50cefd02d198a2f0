import { Redis } from 'ioredis';
import type { RedisServers } from '../servers/index.ts';
import { ClusterConnection } from './cluster-connection.ts';
import { leaveUnfitServer } from './leave-unfit-server.ts';
import type { RedisConnection, ServerOptions } from './redis-connection.ts';
import { serverOptions } from './server-options.ts';

export interface ConnectOptions {
  /** Receives connection errors. */
  readonly onError: (error: Error) => void;
  /** How long a command may take, including reconnecting; unset: no limit. */
  readonly commandTimeoutMs?: number;
  /** Shown in `CLIENT LIST`. */
  readonly name?: string;
}

/**
 * Opens a connection to Redis. It reconnects within a second after Redis is back, leaves a server that rejects writes,
 * follows a failover of the sentinels or of the cluster, and resends unanswered commands. The caller closes it.
 */
export function connectRedis(
  servers: RedisServers,
  { onError, commandTimeoutMs, name }: ConnectOptions,
): RedisConnection {
  const options = {
    maxRetriesPerRequest: null,
    connectTimeout: 3000,
    // Detects a dead peer; longer than any blocking call of the queues.
    socketTimeout: 15_000,
    // Subscribers resubscribe themselves: ioredis would leave a rejected subscription as an unhandled rejection.
    autoResubscribe: false,
    // Also how long a timer outlives a disconnect() during an outage.
    disconnectTimeout: 250,
    ...(name === undefined ? {} : { connectionName: name }),
  } satisfies ServerOptions;
  if (servers.kind === 'cluster') {
    const cluster = new ClusterConnection(servers, {
      node: options,
      ...(commandTimeoutMs === undefined ? {} : { commandTimeoutMs }),
    });
    cluster.on('error', onError);
    cluster.on('node error', onError);
    cluster.on('+node', withoutListenerLimit);
    return cluster;
  }
  const redis = new Redis({
    ...serverOptions(servers),
    ...options,
    ...leaveUnfitServer({ resend: true, onUnfit: onError }),
    ...(commandTimeoutMs === undefined ? {} : { commandTimeout: commandTimeoutMs }),
  });
  redis.on('error', onError);
  withoutListenerLimit(redis);
  return redis;
}

/** On a server that rejects writes, ioredis adds a listener for each of its replies until the connection is closed. */
function withoutListenerLimit(redis: Redis): void {
  redis.on('connect', () => void redis.stream.setMaxListeners(0));
}
