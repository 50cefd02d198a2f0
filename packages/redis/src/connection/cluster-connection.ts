import { Cluster, type Command } from 'ioredis';
import type { ClusterRedis } from '../servers/index.ts';
import { patchSubscribers } from './cluster-subscribers.ts';
import { accessOptions } from './access-options.ts';
import type { ServerOptions } from './redis-connection.ts';

const maxRetryDelayMs = 500;
const retryDelayMs = 100;
/** A slot that was moved is found at once; this delay only bounds the rate if two nodes name each other. */
const movedDelayMs = 20;
const slotsTimeoutMs = 2000;
/** Changes are found earlier by commands that fail or are redirected. */
const slotsRefreshMs = 5000;

export interface ClusterConnectionOptions {
  /** How long a command may take, including reconnecting and redirections; unset: no limit. */
  readonly commandTimeoutMs?: number;
  /** Options of the connections to the nodes. */
  readonly node: Omit<ServerOptions, 'retryStrategy' | 'enableOfflineQueue'>;
  readonly enableOfflineQueue?: boolean;
}

/**
 * A connection to a Redis Cluster. It follows slots that are moved, and waits for a replica that replaces a failed
 * master: commands are repeated until they time out.
 */
export class ClusterConnection extends Cluster {
  readonly #commandTimeoutMs: number | undefined;

  constructor(servers: ClusterRedis, { commandTimeoutMs, node, enableOfflineQueue = true }: ClusterConnectionOptions) {
    super(
      servers.nodes.map((address) => ({ ...address })),
      {
        redisOptions: { ...accessOptions(servers), ...node },
        shardedSubscribers: true,
        // Node.js resolves names; given addresses instead, TLS would expect them in the certificates.
        dnsLookup: (host, callback) => callback(null, host),
        clusterRetryStrategy: (attempt) => Math.min(attempt * retryDelayMs, maxRetryDelayMs),
        // The command's own timeout decides.
        maxRedirections: Number.MAX_SAFE_INTEGER,
        retryDelayOnFailover: retryDelayMs,
        retryDelayOnClusterDown: retryDelayMs,
        retryDelayOnTryAgain: retryDelayMs,
        retryDelayOnMoved: movedDelayMs,
        slotsRefreshTimeout: slotsTimeoutMs,
        slotsRefreshInterval: slotsRefreshMs,
        enableOfflineQueue,
      },
    );
    this.#commandTimeoutMs = commandTimeoutMs;
    patchSubscribers(this);
  }

  // Unlike the option of the nodes, this includes the wait for a cluster that can't be reached.
  override sendCommand(command: Command, ...rest: []): unknown {
    if (this.#commandTimeoutMs !== undefined) command.setTimeout(this.#commandTimeoutMs);
    return super.sendCommand(command, ...rest);
  }
}
