import { Queue } from 'bullmq';
import type { RedisConnection } from './redis-connection.ts';
import { queueKinds, queueName, type QueueKind } from './queue-name.ts';

/** The queues of one shard. */
export type Queues = Readonly<Record<QueueKind, Queue>>;

/**
 * The queues of all shards, on the caller's connection. Those of further shards, of sessions that began with more shards,
 * are opened when they are needed. `skipMetasUpdate` leaves the options in Redis unchanged; only `configureQueues` writes
 * them.
 */
export class ShardedQueues {
  readonly #connection: RedisConnection;
  readonly #onError: (error: Error) => void;
  readonly #byShard: Queues[] = [];
  readonly #further = new Map<number, Queues>();

  /** @param onError receives connection errors, from which BullMQ recovers by itself */
  constructor(connection: RedisConnection, shards: number, onError: (error: Error) => void) {
    this.#connection = connection;
    this.#onError = onError;
    for (let shard = 0; shard < shards; shard++) this.#byShard.push(this.#open(shard));
  }

  /** The queues of the configured shards. */
  get all(): readonly Queues[] {
    return this.#byShard;
  }

  ofShard(shard: number): Queues {
    const known = this.#byShard[shard] ?? this.#further.get(shard);
    if (known !== undefined) return known;
    const opened = this.#open(shard);
    this.#further.set(shard, opened);
    return opened;
  }

  /** Closes all queues; the connection stays open. */
  async close(): Promise<void> {
    const queues = [...this.#byShard, ...this.#further.values()].flatMap((shard) => Object.values(shard));
    await Promise.all(queues.map((queue) => queue.close()));
  }

  #open(shard: number): Queues {
    const open = (kind: QueueKind): Queue => {
      const queue = new Queue(queueName(kind, shard), { connection: this.#connection, skipMetasUpdate: true });
      queue.on('error', this.#onError);
      return queue;
    };
    return Object.fromEntries(queueKinds.map((kind) => [kind, open(kind)])) as Record<QueueKind, Queue>;
  }
}
