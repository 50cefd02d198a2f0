import { DelayedError, Worker, type Job } from 'bullmq';
import type { RedisConnection } from './redis-connection.ts';
import { queueName, type FinalJobData, type JobData, type QueueKind } from './queue-name.ts';
import { SurvivedStalls } from './survived-stalls.ts';

/** A job as passed to a handler. */
export interface QueueWork<Data extends JobData = JobData> {
  readonly data: Data;
  readonly priority: number;
  /** How often a worker died with this job. */
  readonly stalls: number;
  /** Aborts when the consumer stops waiting for the job during its shutdown. */
  readonly signal: AbortSignal;
}

/**
 * `done`, or the job is requeued: any worker may start it after `againInMs` (0: at once), with new data if given. It
 * occupies no slot meanwhile.
 */
export type JobOutcome = 'done' | { readonly againInMs: number; readonly data?: FinalJobData };

export interface QueueConsumerOptions {
  readonly shard: number;
  readonly concurrency: number;
  readonly keepJobs: number;
  readonly onError: (error: Error) => void;
}

/** How long the job of a dead worker stays locked; another worker starts it 3.2 to 3.5 s after the death. */
const lockDurationMs = 3000;
const stalledIntervalMs = 1000;
/**
 * Retry delay of a job whose handler threw. A failed job would keep its id and block a new one, and its open segment would
 * wait until the job counts as lost.
 */
const retryDelayMs: Readonly<Record<QueueKind, number>> = { partial: 250, final: 1000, 'long-final': 1000 };

/**
 * Takes jobs from one queue of one shard. BullMQ's handling of failed jobs is not used: handlers commit failures themselves, and a job
 * whose handler threw is requeued. A job is redelivered however often its worker dies; the handler decides by `stalls`.
 */
export class QueueConsumer<Data extends JobData> {
  readonly #worker: Worker;
  readonly #abort = new AbortController();
  #closing: Promise<void> | undefined;

  constructor(
    kind: QueueKind,
    connection: RedisConnection,
    handle: (work: QueueWork<Data>) => Promise<JobOutcome>,
    options: QueueConsumerOptions,
  ) {
    this.#worker = new Worker<Data>(
      queueName(kind, options.shard),
      async (job, token) => {
        const { data, priority, stalledCounter, id = '' } = job;
        const attempt = survivedStalls.begin(id);
        const work = { data, priority, stalls: stalledCounter - attempt.survived, signal: this.#abort.signal };
        let outcome: JobOutcome;
        try {
          outcome = await handle(work);
        } catch (error) {
          options.onError(
            error instanceof Error ? error : new Error('a job handler threw a non-error value', { cause: error }),
          );
          outcome = { againInMs: retryDelayMs[kind] };
        }
        try {
          if (outcome !== 'done') await requeue(job, token, outcome.againInMs, outcome.data);
        } catch (error) {
          // The lock was lost before the job could be requeued.
          if (!(error instanceof DelayedError)) survivedStalls.lost([id]);
          throw error;
        } finally {
          attempt.end();
        }
      },
      {
        connection,
        concurrency: options.concurrency,
        lockDuration: lockDurationMs,
        stalledInterval: stalledIntervalMs,
        maxStalledCount: Number.MAX_SAFE_INTEGER,
        drainDelay: 1,
        removeOnComplete: { count: options.keepJobs },
        removeOnFail: { count: options.keepJobs },
        autorun: false,
      },
    );
    const survivedStalls = new SurvivedStalls({
      redis: connection,
      keyOf: (jobId) => this.#worker.toKey(jobId),
      onError: options.onError,
    });
    this.#worker.on('lockRenewalFailed', (jobIds) => survivedStalls.lost(jobIds));
    this.#worker.on('error', options.onError);
  }

  /** Connects and starts to take jobs. */
  async start(): Promise<void> {
    await this.#worker.waitUntilReady();
    this.#worker.run().catch(() => undefined); // Failures are reported by the `error` event.
  }

  /** Stops taking jobs and waits for those in progress; they are aborted when the signal aborts. */
  close(signal: AbortSignal): Promise<void> {
    this.#closing ??= this.#close(signal);
    return this.#closing;
  }

  async #close(signal: AbortSignal): Promise<void> {
    const abort = (): void => this.#abort.abort(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    await this.#worker.close();
    signal.removeEventListener('abort', abort);
  }
}

/**
 * Moves a job back to its queue. `moveToWait` wakes no idle worker for a job with a priority (it waits for their next
 * poll), whereas an expired delay does.
 */
async function requeue(job: Job, token: string | undefined, delayMs: number, data?: FinalJobData): Promise<never> {
  if (data !== undefined) await job.updateData(data);
  await job.moveToDelayed(Date.now() + delayMs, token);
  throw new DelayedError();
}
