import { once } from 'node:events';
import { Redis, type Command } from 'ioredis';
import { ClusterConnection, type ClusterConnectionOptions } from '../connection/cluster-connection.ts';
import { leaveUnfitServer } from '../connection/leave-unfit-server.ts';
import { reconnect } from '../connection/reconnect.ts';
import type { RedisConnection, ServerOptions } from '../connection/redis-connection.ts';
import { serverOptions } from '../connection/server-options.ts';
import type { ClusterRedis, RedisServers } from '../servers/index.ts';

export interface CacheConnectionOptions {
  readonly onError: (error: Error) => void;
  /** Called when a command fails: Redis is unreachable, timed out or rejected it. */
  readonly onFailure: () => void;
}

/** Timeout of a cache command. */
const commandTimeoutMs = 100;
/** After this many consecutive timeouts the connection is reopened. */
const maxConsecutiveTimeouts = 3;
/** How long startup waits for the cache before continuing without it. */
const connectTimeoutMs = 1000;

/** Reopens a connection if Redis hangs: while disconnected, commands fail at once instead of waiting for the timeout. */
class FailureMonitor {
  readonly #onFailure: () => void;
  #timeouts = 0;

  constructor(onFailure: () => void) {
    this.#onFailure = onFailure;
  }

  watch(command: Command, redis: RedisConnection): void {
    command.promise.then(
      () => (this.#timeouts = 0),
      (error: unknown) => this.#failed(error, redis),
    );
  }

  #failed(error: unknown, redis: RedisConnection): void {
    this.#onFailure();
    if (!(error instanceof Error && error.message === 'Command timed out')) return;
    this.#timeouts += 1;
    if (this.#timeouts < maxConsecutiveTimeouts) return;
    this.#timeouts = 0;
    reconnect(redis);
  }
}

class CacheRedis extends Redis {
  readonly #monitor: FailureMonitor;

  constructor(options: ServerOptions, monitor: FailureMonitor) {
    super(options);
    this.#monitor = monitor;
  }

  override sendCommand(command: Command, ...rest: []): unknown {
    const sent = super.sendCommand(command, ...rest);
    this.#monitor.watch(command, this);
    return sent;
  }
}

class CacheCluster extends ClusterConnection {
  readonly #monitor: FailureMonitor;

  constructor(servers: ClusterRedis, options: ClusterConnectionOptions, monitor: FailureMonitor) {
    super(servers, options);
    this.#monitor = monitor;
  }

  override sendCommand(command: Command, ...rest: []): unknown {
    const sent = super.sendCommand(command, ...rest);
    this.#monitor.watch(command, this);
    return sent;
  }
}

/**
 * Opens the connection to the cache's Redis. The cache is optional, so nothing waits for it: a command fails
 * immediately if there is no connection, and after 100 ms without a reply.
 */
export async function connectCache(
  servers: RedisServers,
  { onError, onFailure }: CacheConnectionOptions,
): Promise<RedisConnection> {
  const redis = open(servers, onError, new FailureMonitor(onFailure));
  redis.on('error', onError);
  await once(redis, 'ready', { signal: AbortSignal.timeout(connectTimeoutMs) }).catch(() => undefined);
  return redis;
}

function open(servers: RedisServers, onError: (error: Error) => void, monitor: FailureMonitor): RedisConnection {
  const options = { connectTimeout: connectTimeoutMs, maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false };
  if (servers.kind === 'cluster') {
    const cluster = new CacheCluster(servers, { commandTimeoutMs, node: options, enableOfflineQueue: false }, monitor);
    cluster.on('node error', onError);
    return cluster;
  }
  return new CacheRedis(
    {
      ...serverOptions(servers),
      ...options,
      commandTimeout: commandTimeoutMs,
      enableOfflineQueue: false,
      ...leaveUnfitServer({ resend: false, onUnfit: onError }),
    },
    monitor,
  );
}
