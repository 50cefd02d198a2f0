import type { Redis } from 'ioredis';
import type { QueueKind } from './queue-name.ts';
import { closeQueues, openQueues, type Queues } from './open-queues.ts';

const states = ['waiting', 'prioritized', 'delayed', 'active', 'failed'] as const;

/** Jobs of one queue, by state. */
export type JobCounts = Record<(typeof states)[number], number>;

/** The queues of both queues for those who only look at them: the dashboard and the metrics. */
export class QueueViews {
  readonly queues: Queues;

  /** @param onError hears of connection errors, which BullMQ recovers from by itself */
  constructor(connection: Redis, onError: (error: Error) => void) {
    this.queues = openQueues(connection, onError);
  }

  /** How many jobs of a queue are in each state. */
  async depth(kind: QueueKind): Promise<JobCounts> {
    const counts = await this.queues[kind].getJobCounts(...states);
    const entries = states.map((state) => [state, counts[state] ?? 0] as const);
    return Object.fromEntries(entries) as JobCounts;
  }

  async close(): Promise<void> {
    await closeQueues(this.queues);
  }
}
