import { Command, Redis, type Cluster } from 'ioredis';
import { accessOptions } from '../connection/access-options.ts';
import { leaveUnfitServer } from '../connection/leave-unfit-server.ts';
import { isCluster, type RedisConnection, type ServerOptions } from '../connection/redis-connection.ts';
import { serverOptions } from '../connection/server-options.ts';
import { sessionKeys } from '../script/keys.ts';
import type { ClusterRedis, RedisServers } from '../servers/index.ts';
import { MasterWait, ReplicasMissingError, type KeptWrite } from './master-wait.ts';

export interface ReplicaAcknowledgementsOptions {
  readonly servers: RedisServers;
  /** The connection of the writes; in a cluster it knows the master of each slot. */
  readonly redis: RedisConnection;
  /** How many replicas must have a write; 0: none, and nothing is sent. */
  readonly replicas: number;
  /** Receives connection errors. */
  readonly onError: (error: Error) => void;
}

/** Replicas acknowledge within milliseconds. */
const waitTimeoutMs = 1000;
const commandTimeoutMs = 3000;
const maxRetryDelayMs = 500;

interface OpenedMaster {
  readonly redis: Redis;
  readonly wait: MasterWait;
}

/** Confirms that replicas have what was accepted, with one connection per master. */
export class ReplicaAcknowledgements implements Disposable {
  readonly #options: ReplicaAcknowledgementsOptions;
  readonly #masters = new Map<string, OpenedMaster>();
  readonly #dropGone = (): void => this.#closeExcept(mastersOf(this.#options.redis as Cluster));

  constructor(options: ReplicaAcknowledgementsOptions) {
    this.#options = options;
    const { redis, servers, replicas } = options;
    if (replicas === 0) return;
    if (servers.kind !== 'cluster') this.#open('', serverOptions(servers));
    else if (isCluster(redis)) redis.on('refresh', this.#dropGone);
  }

  /** Whether finals have to be confirmed at all. */
  get isNeeded(): boolean {
    return this.#options.replicas > 0;
  }

  /**
   * Resolves when enough replicas have a final that was accepted before.
   *
   * @throws ReplicasMissingError if they have not acknowledged it within a second, or the error of Redis
   */
  async finalKept(sessionId: string, segmentId: number): Promise<void> {
    const { segments: key, kept: markKey } = sessionKeys(sessionId);
    await this.#kept({ key, field: `${segmentId}`, begins: 's', markKey });
  }

  /**
   * Resolves when enough replicas have what a session had when a connection became its owner, such as its accepted finals.
   *
   * @throws ReplicasMissingError if they have not acknowledged it within a second, or another connection is the owner; or the error
   * of Redis
   */
  async ownerKept(sessionId: string, connection: string): Promise<void> {
    const { session: key, kept: markKey } = sessionKeys(sessionId);
    await this.#kept({ key, field: 'connection', begins: connection, markKey });
  }

  [Symbol.dispose](): void {
    this.#options.redis.off('refresh', this.#dropGone);
    this.#closeExcept(new Set());
  }

  async #kept(write: KeptWrite): Promise<void> {
    if (this.isNeeded) await this.#masterOf(write.key).wait.acknowledged(write);
  }

  #masterOf(key: string): OpenedMaster {
    const { redis, servers } = this.#options;
    if (servers.kind !== 'cluster' || !isCluster(redis)) {
      const [master] = this.#masters.values();
      if (master === undefined) throw new ReplicasMissingError('the connection is closed');
      return master;
    }
    const [address] = redis.slots[slotOf(key)] ?? [];
    if (address === undefined) throw new ReplicasMissingError('no master is known');
    return this.#masters.get(address) ?? this.#open(address, nodeOptions(servers, address));
  }

  #open(address: string, options: ServerOptions): OpenedMaster {
    const { onError, replicas } = this.#options;
    const redis = new Redis({
      ...options,
      connectTimeout: 3000,
      commandTimeout: commandTimeoutMs,
      // Leaves a connection whose peer is dead.
      socketTimeout: commandTimeoutMs,
      maxRetriesPerRequest: 0,
      // What was asked of one server must not be asked of the next one.
      autoResendUnfulfilledCommands: false,
      disconnectTimeout: 250,
      ...leaveUnfitServer({ resend: false, onUnfit: onError }),
      retryStrategy: (attempt) => Math.min(attempt * 100, maxRetryDelayMs),
    });
    redis.on('error', onError);
    const opened = { redis, wait: new MasterWait(redis, { replicas, timeoutMs: waitTimeoutMs }) };
    this.#masters.set(address, opened);
    return opened;
  }

  #closeExcept(addresses: ReadonlySet<string>): void {
    for (const [address, { redis }] of this.#masters) {
      if (addresses.has(address)) continue;
      this.#masters.delete(address);
      redis.disconnect();
    }
  }
}

function slotOf(key: string): number {
  return new Command('get', [key]).getSlot();
}

function mastersOf({ slots }: Cluster): ReadonlySet<string> {
  return new Set(slots.flatMap(([master]) => master ?? []));
}

function nodeOptions(servers: ClusterRedis, address: string): ServerOptions {
  const separator = address.lastIndexOf(':');
  const [host, port] = [address.slice(0, separator), Number(address.slice(separator + 1))];
  return { ...accessOptions(servers), host, port };
}
