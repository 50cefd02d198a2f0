import type { Redis } from 'ioredis';
import { jobId, type JobData, type Lane } from './lane.ts';
import { closeLaneQueues, openLaneQueues, type LaneQueues } from './lane-queues.ts';

/** A job on its way into a lane. */
export interface LaneJob {
  readonly data: JobData;
  /** BullMQ's: 0 is served first, in order; above it the smaller number. */
  readonly priority?: number;
  /** No worker gets it before so many milliseconds have passed. */
  readonly delayMs?: number;
}

/** Adds jobs to the lanes. The connection stays the caller's. */
export class LaneProducer {
  readonly #queues: LaneQueues;

  /** @param onError hears of connection errors, which BullMQ recovers from by itself */
  constructor(connection: Redis, onError: (error: Error) => void) {
    this.#queues = openLaneQueues(connection, onError);
  }

  /** Adds jobs in one round trip. A job whose id stands in the lane already is left as it is. */
  async add(lane: Lane, jobs: readonly LaneJob[]): Promise<void> {
    const [first] = jobs;
    if (first === undefined) return;
    const queue = this.#queues[lane];
    if (jobs.length === 1) {
      await queue.add(lane, first.data, options(first));
      return;
    }
    await queue.addBulk(jobs.map((job) => ({ name: lane, data: job.data, opts: options(job) })));
  }

  /**
   * Adds jobs whose fate isn't known: one that is missing is added again. A finished one that is kept would swallow a new
   * one of its id, so `renumber` is asked for the next number; `undefined` means that nothing is left to do.
   */
  async repair(
    lane: Lane,
    jobs: readonly LaneJob[],
    renumber: (data: JobData) => Promise<string | undefined>,
  ): Promise<void> {
    const queue = this.#queues[lane];
    const due = await Promise.all(
      jobs.map(async (job) => {
        const state = await queue.getJobState(jobId(job.data));
        if (state === 'unknown') return job;
        if (state !== 'completed' && state !== 'failed') return undefined;
        const number = await renumber(job.data);
        return number === undefined ? undefined : { ...job, data: { ...job.data, number } };
      }),
    );
    await this.add(
      lane,
      due.filter((job) => job !== undefined),
    );
  }

  async close(): Promise<void> {
    await closeLaneQueues(this.#queues);
  }
}

function options({ data, priority, delayMs }: LaneJob): { jobId: string; priority?: number; delay?: number } {
  return {
    jobId: jobId(data),
    ...(priority === undefined ? {} : { priority }),
    ...(delayMs === undefined ? {} : { delay: delayMs }),
  };
}
