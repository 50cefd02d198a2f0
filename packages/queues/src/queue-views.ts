import type { RedisConnection } from './redis-connection.ts';
import { addedAtMs, type QueueKind } from './queue-name.ts';
import { ShardedQueues, type Queues } from './open-queues.ts';
import { readNext } from './waiting-jobs.ts';

const states = ['waiting', 'prioritized', 'delayed', 'active', 'failed'] as const;

export type JobCounts = Record<(typeof states)[number], number>;

/** Read-only access to the queues, for the dashboard and the metrics. */
export class QueueViews {
  readonly #queues: ShardedQueues;
  readonly #connection: RedisConnection;

  /** @param onError receives connection errors, from which BullMQ recovers by itself */
  constructor(connection: RedisConnection, shards: number, onError: (error: Error) => void) {
    this.#connection = connection;
    this.#queues = new ShardedQueues(connection, shards, onError);
  }

  /** The queues of each shard. */
  get shards(): readonly Queues[] {
    return this.#queues.all;
  }

  /** Returns the number of jobs of a queue in each state, in all shards together. */
  async depth(kind: QueueKind): Promise<JobCounts> {
    const counts = await Promise.all(this.#queues.all.map((queues) => queues[kind].getJobCounts(...states)));
    const entries = states.map(
      (state) => [state, counts.reduce((sum, shard) => sum + (shard[state] ?? 0), 0)] as const,
    );
    return Object.fromEntries(entries) as JobCounts;
  }

  /**
   * Returns the age of the job of a queue that a worker would take next, in milliseconds by the clock of Redis; 0 if there is none.
   * Of several shards, or jobs with and without a priority, the oldest first one counts. Jobs behind it may be older, if others
   * are served before them; delayed jobs don't count.
   */
  async nextJobAgeMs(kind: QueueKind): Promise<number> {
    const redis = this.#connection;
    const [[seconds, microseconds], ...ids] = await Promise.all([
      redis.time(),
      ...this.#queues.all.map((queues) => readNext(redis, queues[kind])),
    ]);
    const nowMs = Number(seconds) * 1000 + Number(microseconds) / 1000;
    return Math.max(0, ...ids.flat().map((id) => nowMs - addedAtMs(id)));
  }

  async close(): Promise<void> {
    await this.#queues.close();
  }
}
