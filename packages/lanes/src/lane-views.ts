import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { queueName, type Lane } from './lane.ts';

const states = ['waiting', 'prioritized', 'delayed', 'active', 'failed'] as const;

/** Jobs of one lane, by state. */
export type LaneDepth = Record<(typeof states)[number], number>;

/** The queues of both lanes for those who only look at them: the dashboard and the metrics. */
export class LaneViews {
  readonly queues: Readonly<Record<Lane, Queue>>;

  constructor(connection: Redis, onError: (error: Error) => void) {
    const open = (lane: Lane): Queue => {
      const queue = new Queue(queueName(lane), { connection, skipMetasUpdate: true });
      queue.on('error', onError);
      return queue;
    };
    this.queues = { partial: open('partial'), final: open('final') };
  }

  /** How many jobs of a lane are in each state. */
  async depth(lane: Lane): Promise<LaneDepth> {
    const counts = await this.queues[lane].getJobCounts(...states);
    const entries = states.map((state) => [state, counts[state] ?? 0] as const);
    return Object.fromEntries(entries) as LaneDepth;
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.queues).map((queue) => queue.close()));
  }
}
