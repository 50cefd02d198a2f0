import type { Redis } from 'ioredis';
import type { Lane } from './lane.ts';
import { closeLaneQueues, openLaneQueues, type LaneQueues } from './lane-queues.ts';

const states = ['waiting', 'prioritized', 'delayed', 'active', 'failed'] as const;

/** Jobs of one lane, by state. */
export type JobCounts = Record<(typeof states)[number], number>;

/** The queues of both lanes for those who only look at them: the dashboard and the metrics. */
export class LaneViews {
  readonly queues: LaneQueues;

  /** @param onError hears of connection errors, which BullMQ recovers from by itself */
  constructor(connection: Redis, onError: (error: Error) => void) {
    this.queues = openLaneQueues(connection, onError);
  }

  /** How many jobs of a lane are in each state. */
  async depth(lane: Lane): Promise<JobCounts> {
    const counts = await this.queues[lane].getJobCounts(...states);
    const entries = states.map((state) => [state, counts[state] ?? 0] as const);
    return Object.fromEntries(entries) as JobCounts;
  }

  async close(): Promise<void> {
    await closeLaneQueues(this.queues);
  }
}
