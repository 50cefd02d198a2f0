import type { Redis } from 'ioredis';
import { addedAtMs, type QueueKind } from './queue-name.ts';
import { closeQueues, openQueues, type Queues } from './open-queues.ts';

const states = ['waiting', 'prioritized', 'delayed', 'active', 'failed'] as const;

export type JobCounts = Record<(typeof states)[number], number>;

/** Read-only access to all queues, for the dashboard and the metrics. */
export class QueueViews {
  readonly queues: Queues;
  readonly #connection: Redis;

  /** @param onError receives connection errors, from which BullMQ recovers by itself */
  constructor(connection: Redis, onError: (error: Error) => void) {
    this.#connection = connection;
    this.queues = openQueues(connection, onError);
  }

  /** Returns the number of jobs of a queue in each state. */
  async depth(kind: QueueKind): Promise<JobCounts> {
    const counts = await this.queues[kind].getJobCounts(...states);
    const entries = states.map((state) => [state, counts[state] ?? 0] as const);
    return Object.fromEntries(entries) as JobCounts;
  }

  /**
   * Returns the age of the oldest job of a queue that a worker could take now, in milliseconds by the clock of Redis; 0 if there
   * is none. Of the prioritized jobs, the one to be taken first counts; delayed jobs don't.
   */
  async oldestAgeMs(kind: QueueKind): Promise<number> {
    const [queue, redis] = [this.queues[kind], this.#connection];
    const [[seconds, microseconds], waiting, [prioritized]] = await Promise.all([
      redis.time(),
      redis.lindex(queue.toKey('wait'), -1),
      redis.zrange(queue.toKey('prioritized'), '0', '0'),
    ]);
    const nowMs = Number(seconds) * 1000 + Number(microseconds) / 1000;
    const ids = [waiting, prioritized].filter((id) => id != null);
    return Math.max(0, ...ids.map((id) => nowMs - addedAtMs(id)));
  }

  async close(): Promise<void> {
    await closeQueues(this.queues);
  }
}
