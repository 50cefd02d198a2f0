import type { Redis } from 'ioredis';
import { addedAtMs, jobId, type FinalJobData, type JobData, type QueueKind } from './queue-name.ts';
import { closeQueues, openQueues, type Queues } from './open-queues.ts';

/** A job to add to a queue. */
export interface QueueJob<Data extends JobData = JobData> {
  readonly data: Data;
  /** BullMQ's priority: 0 is served first, in FIFO order, then the smaller number. */
  readonly priority?: number;
}

/** Adds jobs to the queues. The caller owns the connection. */
export class QueueProducer {
  readonly #connection: Redis;
  readonly #queues: Queues;

  /** @param onError receives connection errors, from which BullMQ recovers by itself */
  constructor(connection: Redis, onError: (error: Error) => void) {
    this.#connection = connection;
    this.#queues = openQueues(connection, onError);
  }

  /** Adds jobs in one round trip. A job whose id exists already is unchanged. */
  async add(kind: QueueKind, jobs: readonly QueueJob[]): Promise<void> {
    const [first] = jobs;
    if (first === undefined) return;
    const queue = this.#queues[kind];
    if (jobs.length === 1) {
      await queue.add(kind, first.data, options(first));
      return;
    }
    await queue.addBulk(jobs.map((job) => ({ name: kind, data: job.data, opts: options(job) })));
  }

  /**
   * Adds the jobs of outstanding finals again if they are missing. A finished job that is kept would block a new one of
   * the same id, so `renumber` returns the next number, or `undefined` if the final is resolved.
   */
  async repair(
    jobs: readonly QueueJob<FinalJobData>[],
    renumber: (data: FinalJobData) => Promise<string | undefined>,
  ): Promise<void> {
    const queue = this.#queues.final;
    const missing = await Promise.all(
      jobs.map(async (job) => {
        const state = await queue.getJobState(jobId(job.data));
        if (state === 'unknown') return job;
        if (state !== 'completed' && state !== 'failed') return undefined;
        const number = await renumber(job.data);
        return number === undefined ? undefined : { ...job, data: { ...job.data, number } };
      }),
    );
    await this.add(
      'final',
      missing.filter((job) => job !== undefined),
    );
  }

  /**
   * Returns how long the oldest waiting job of either queue has waited, in milliseconds by the clock of Redis;
   * `undefined` if none waits. Prioritized jobs (behind others of their session) and delayed jobs don't count.
   */
  async oldestWaitingMs(): Promise<number | undefined> {
    const redis = this.#connection;
    const [[seconds, microseconds], ...ids] = await Promise.all([
      redis.time(),
      ...Object.values(this.#queues).map((queue) => redis.lindex(queue.toKey('wait'), -1)),
    ]);
    const nowMs = Number(seconds) * 1000 + Number(microseconds) / 1000;
    const ages = ids.flatMap((id) => (id === null ? [] : nowMs - addedAtMs(id)));
    return ages.length === 0 ? undefined : Math.max(...ages);
  }

  /** Returns how long the partial job to be taken next has waited, in milliseconds; `undefined` if none waits. */
  async nextPartialWaitMs(): Promise<number | undefined> {
    const queue = this.#queues.partial;
    const [[seconds], first, [prioritized]] = await Promise.all([
      this.#connection.time(),
      this.#connection.lindex(queue.toKey('wait'), -1),
      this.#connection.zrange(queue.toKey('prioritized'), '0', '0'),
    ]);
    const id = first ?? prioritized;
    return id === undefined ? undefined : Number(seconds) * 1000 - addedAtMs(id);
  }

  async close(): Promise<void> {
    await closeQueues(this.#queues);
  }
}

function options({ data, priority }: QueueJob): { jobId: string; priority?: number } {
  return { jobId: jobId(data), ...(priority === undefined ? {} : { priority }) };
}
