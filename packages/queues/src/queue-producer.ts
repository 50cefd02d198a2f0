import type { Redis } from 'ioredis';
import { isBulkPriority, JobOrder } from './job-order.ts';
import { addedAtMs, jobId, type FinalJobData, type QueueKind } from './queue-name.ts';
import { closeQueues, openQueues, type Queues } from './open-queues.ts';
import { finalJobs, type NumberedFinal, type NumberedWork, type QueueJob } from './queue-jobs.ts';
import { readWaiting } from './waiting-jobs.ts';

/** Less than the estimated cost of a short final. */
const tokensPerStep = 128;

/** A text that was accepted, with its outstanding targets. */
export interface AcceptedFinal {
  readonly tenant: string;
  readonly sessionId: string;
  /** The estimated cost of its translation into one target, in tokens. */
  readonly cost: number;
  /** Whether it belongs to the queue of long finals. */
  readonly isLong: boolean;
  readonly outstanding: readonly NumberedFinal[];
}

/** Adds jobs to the queues. The caller owns the connection. */
export class QueueProducer {
  readonly #connection: Redis;
  readonly #queues: Queues;
  /**
   * Both queues of finals have workers of their own, hence also virtual times: a queue that is slow must not hold back the time of
   * the other one, whose sessions would be charged for what nobody else had to wait for.
   */
  readonly #finalOrders = { final: new JobOrder(tokensPerStep), 'long-final': new JobOrder(tokensPerStep) };
  readonly #partialOrder = new JobOrder(1);

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

  /** Adds the job of an open segment. The more segments of its session are open, the more it costs. */
  async addPartial(tenant: string, session: string, job: NumberedWork): Promise<void> {
    const priority = this.#partialOrder.priority({ tenant, session, cost: 1 + job.priority });
    const { segmentId, number } = job;
    await this.add('partial', [{ data: { v: 1, sessionId: session, segmentId, number }, priority }]);
  }

  /** Adds the jobs of a final or a corrected text, so that tenants and sessions get their shares by cost: see `JobOrder`. */
  async addFinal({ tenant, sessionId, cost, isLong, outstanding }: AcceptedFinal): Promise<void> {
    const share = { tenant, session: sessionId, cost };
    const kind = isLong ? 'long-final' : 'final';
    const ordered = outstanding.map((final) => ({
      ...final,
      priority: this.#finalOrders[kind].priority(share, isBulkPriority(final.priority)),
    }));
    await this.add(kind, finalJobs(sessionId, ordered));
  }

  /** Adds the jobs of outstanding finals if they are missing. Takes little time; one that ended without a result is left to `repair`. */
  async addMissing(jobs: readonly QueueJob<FinalJobData>[]): Promise<void> {
    const found = await Promise.all(
      jobs.map(async ({ data }) => {
        const keys = [this.#queues.final, this.#queues['long-final']].map((queue) => queue.toKey(jobId(data)));
        return Math.max(...(await Promise.all(keys.map((key) => this.#connection.exists(key)))));
      }),
    );
    await this.add(
      'final',
      jobs.filter((_job, index) => found[index] === 0),
    );
  }

  /**
   * Adds the jobs of outstanding finals again if they are missing. A finished job that is kept would block a new one of
   * the same id, so `renumber` returns the next number, or `undefined` if the final is resolved.
   */
  async repair(
    jobs: readonly QueueJob<FinalJobData>[],
    renumber: (data: FinalJobData) => Promise<string | undefined>,
  ): Promise<void> {
    const missing = await Promise.all(
      jobs.map(async (job) => {
        const state = await this.#finalState(jobId(job.data));
        if (state === 'unknown') return job;
        if (state === 'queued') return undefined;
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
   * Returns how long the oldest waiting job of a partial or a short final has waited, in milliseconds by the clock of Redis;
   * `undefined` if none waits. Jobs behind others of their session and delayed jobs don't count. To be called twice a second,
   * since it also advances the order in which further jobs are served.
   */
  async oldestWaitingMs(): Promise<number | undefined> {
    const redis = this.#connection;
    const [[seconds, microseconds], partial, final, longFinal] = await Promise.all([
      redis.time(),
      readWaiting(redis, this.#queues.partial),
      readWaiting(redis, this.#queues.final),
      readWaiting(redis, this.#queues['long-final']),
    ]);
    this.#partialOrder.advance(partial.head);
    this.#finalOrders.final.advance(final.head);
    this.#finalOrders['long-final'].advance(longFinal.head);
    const nowMs = Number(seconds) * 1000 + Number(microseconds) / 1000;
    const ages = [partial.firstOfSession, final.firstOfSession].flatMap((id) =>
      id === undefined ? [] : nowMs - addedAtMs(id),
    );
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

  /** The job of a long final may have been moved from the queue of short ones. */
  async #finalState(id: string): Promise<'queued' | 'ended' | 'unknown'> {
    let ended = false;
    for (const kind of ['final', 'long-final'] as const) {
      const state = await this.#queues[kind].getJobState(id);
      if (state === 'completed' || state === 'failed') ended = true;
      else if (state !== 'unknown') return 'queued';
    }
    return ended ? 'ended' : 'unknown';
  }

  async close(): Promise<void> {
    await closeQueues(this.#queues);
  }
}

function options({ data, priority }: QueueJob): { jobId: string; priority?: number } {
  return { jobId: jobId(data), ...(priority === undefined ? {} : { priority }) };
}
