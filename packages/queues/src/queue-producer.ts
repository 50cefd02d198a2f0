import { isBulkPriority, JobOrder } from './job-order.ts';
import { addedAtMs, jobId, type FinalJobData, type QueueKind } from './queue-name.ts';
import { ShardedQueues, type Queues } from './open-queues.ts';
import { finalJobs, type NumberedFinal, type NumberedWork, type QueueJob } from './queue-jobs.ts';
import { shardOf } from './queue-shard.ts';
import type { RedisConnection } from './redis-connection.ts';
import { readNext, readWaiting } from './waiting-jobs.ts';

/** Less than the estimated cost of a short final. */
const tokensPerStep = 128;

/** How long the first waiting job of each queue has waited, in milliseconds by the clock of Redis; absent if none waits. */
export type OldestWaiting = Readonly<Partial<Record<QueueKind, number>>>;

/**
 * The order of service in the queues of one shard. Both queues of finals have workers of their own, hence also virtual times: a queue
 * that is slow must not hold back the time of the other one, whose sessions would be charged for what nobody else had to wait for.
 */
type ShardOrder = Readonly<Record<QueueKind, JobOrder>>;

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
  readonly #connection: RedisConnection;
  readonly #queues: ShardedQueues;
  readonly #orders = new Map<number, ShardOrder>();

  /** @param onError receives connection errors, from which BullMQ recovers by itself */
  constructor(connection: RedisConnection, shards: number, onError: (error: Error) => void) {
    this.#connection = connection;
    this.#queues = new ShardedQueues(connection, shards, onError);
  }

  /** Whether the session's shard is one of the configured ones; the jobs of others are left to processes with more shards. */
  hasShardOf(sessionId: string): boolean {
    return shardOf(sessionId) < this.#queues.all.length;
  }

  /** Adds jobs of one session in one round trip. A job whose id exists already is unchanged. */
  async add(kind: QueueKind, jobs: readonly QueueJob[]): Promise<void> {
    const [first] = jobs;
    if (first === undefined) return;
    const queue = this.#queuesOf(first.data.sessionId)[kind];
    if (jobs.length === 1) {
      await queue.add(kind, first.data, options(first));
      return;
    }
    await queue.addBulk(jobs.map((job) => ({ name: kind, data: job.data, opts: options(job) })));
  }

  /** Adds the job of an open segment. The more segments of its session are open, the more it costs. */
  async addPartial(tenant: string, session: string, job: NumberedWork): Promise<void> {
    const priority = this.#orderOf(shardOf(session)).partial.priority({ tenant, session, cost: 1 + job.priority });
    const { segmentId, number } = job;
    await this.add('partial', [{ data: { v: 1, sessionId: session, segmentId, number }, priority }]);
  }

  /** Adds the jobs of a final or a corrected text, so that tenants and sessions get their shares by cost: see `JobOrder`. */
  async addFinal({ tenant, sessionId, cost, isLong, outstanding }: AcceptedFinal): Promise<void> {
    const share = { tenant, session: sessionId, cost };
    const kind = isLong ? 'long-final' : 'final';
    const order = this.#orderOf(shardOf(sessionId))[kind];
    const ordered = outstanding.map((final) => ({
      ...final,
      priority: order.priority(share, isBulkPriority(final.priority)),
    }));
    await this.add(kind, finalJobs(sessionId, ordered));
  }

  /** Adds the jobs of outstanding finals if they are missing. Takes little time; one that ended without a result is left to `repair`. */
  async addMissing(jobs: readonly QueueJob<FinalJobData>[]): Promise<void> {
    const found = await Promise.all(
      jobs.map(async ({ data }) => {
        const queues = this.#queuesOf(data.sessionId);
        const keys = [queues.final, queues['long-final']].map((queue) => queue.toKey(jobId(data)));
        return Math.max(...(await Promise.all(keys.map((key) => this.#connection.exists(key)))));
      }),
    );
    await this.add(
      'final',
      jobs.filter((_job, index) => found[index] === 0),
    );
  }

  /**
   * Adds the jobs of outstanding finals of one session again if they are missing. A finished job that is kept would block a new one of
   * the same id, so `renumber` returns the next number, or `undefined` if the final is resolved.
   */
  async repair(
    jobs: readonly QueueJob<FinalJobData>[],
    renumber: (data: FinalJobData) => Promise<string | undefined>,
  ): Promise<void> {
    const missing = await Promise.all(
      jobs.map(async (job) => {
        const state = await this.#finalState(job.data);
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
    const { partial, final } = await this.oldestWaiting();
    const ages = [partial, final].filter((age) => age !== undefined);
    return ages.length === 0 ? undefined : Math.max(...ages);
  }

  /** Returns the same for each queue, and advances the order too. */
  async oldestWaiting(): Promise<OldestWaiting> {
    const [[seconds, microseconds], ...shards] = await Promise.all([
      this.#connection.time(),
      ...this.#queues.all.map((queues, shard) => this.#readShard(queues, shard)),
    ]);
    const nowMs = Number(seconds) * 1000 + Number(microseconds) / 1000;
    const ages = new Map<QueueKind, number>();
    for (const [kind, id] of shards.flat()) {
      if (id !== undefined) ages.set(kind, Math.max(ages.get(kind) ?? 0, nowMs - addedAtMs(id)));
    }
    return Object.fromEntries(ages);
  }

  /**
   * Returns how long the partial job to be taken next has waited, in milliseconds, in the shard where that is the longest
   * time; `undefined` if none waits.
   */
  async nextPartialWaitMs(): Promise<number | undefined> {
    const redis = this.#connection;
    const [[seconds], ...next] = await Promise.all([
      redis.time(),
      ...this.#queues.all.map(({ partial }) => readNext(redis, partial)),
    ]);
    const ids = next.flatMap(([first]) => first ?? []);
    return ids.length === 0 ? undefined : Number(seconds) * 1000 - Math.min(...ids.map(addedAtMs));
  }

  /** Reads which jobs of a shard come next, and advances its order. */
  async #readShard(queues: Queues, shard: number): Promise<readonly (readonly [QueueKind, string | undefined])[]> {
    const [partial, final, longFinal] = await Promise.all([
      readWaiting(this.#connection, queues.partial),
      readWaiting(this.#connection, queues.final),
      readWaiting(this.#connection, queues['long-final']),
    ]);
    const order = this.#orderOf(shard);
    order.partial.advance(partial.head);
    order.final.advance(final.head);
    order['long-final'].advance(longFinal.head);
    return [
      ['partial', partial.firstOfSession],
      ['final', final.firstOfSession],
      ['long-final', longFinal.firstOfSession],
    ];
  }

  #queuesOf(sessionId: string): Queues {
    return this.#queues.ofShard(shardOf(sessionId));
  }

  #orderOf(shard: number): ShardOrder {
    const order = this.#orders.get(shard) ?? {
      partial: new JobOrder(1),
      final: new JobOrder(tokensPerStep),
      'long-final': new JobOrder(tokensPerStep),
    };
    this.#orders.set(shard, order);
    return order;
  }

  /** The job of a long final may have been moved from the queue of short ones. */
  async #finalState(data: FinalJobData): Promise<'queued' | 'ended' | 'unknown'> {
    const [queues, id] = [this.#queuesOf(data.sessionId), jobId(data)];
    let ended = false;
    for (const kind of ['final', 'long-final'] as const) {
      const state = await queues[kind].getJobState(id);
      if (state === 'completed' || state === 'failed') ended = true;
      else if (state !== 'unknown') return 'queued';
    }
    return ended ? 'ended' : 'unknown';
  }

  async close(): Promise<void> {
    await this.#queues.close();
  }
}

function options({ data, priority }: QueueJob): { jobId: string; priority?: number } {
  return { jobId: jobId(data), ...(priority === undefined ? {} : { priority }) };
}
