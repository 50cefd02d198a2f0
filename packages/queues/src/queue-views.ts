import type { Redis } from 'ioredis';
import type { QueueKind } from './queue-name.ts';
import { closeQueues, openQueues, type Queues } from './open-queues.ts';

const states = ['waiting', 'prioritized', 'delayed', 'active', 'failed'] as const;

export type JobCounts = Record<(typeof states)[number], number>;

/** Read-only access to all queues, for the dashboard and the metrics. */
export class QueueViews {
  readonly queues: Queues;

  /** @param onError receives connection errors, from which BullMQ recovers by itself */
  constructor(connection: Redis, onError: (error: Error) => void) {
    this.queues = openQueues(connection, onError);
  }

  /** Returns the number of jobs of a queue in each state. */
  async depth(kind: QueueKind): Promise<JobCounts> {
    const counts = await this.queues[kind].getJobCounts(...states);
    const entries = states.map((state) => [state, counts[state] ?? 0] as const);
    return Object.fromEntries(entries) as JobCounts;
  }

  async close(): Promise<void> {
    await closeQueues(this.queues);
  }
}
