import { DelayedError, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { queueName, type FinalJobData, type JobData, type QueueKind } from './queue-name.ts';

/** One job as a handler sees it. */
export interface QueueWork<Data extends JobData = JobData> {
  readonly data: Data;
  /** How often a worker died or hung with this job. */
  readonly stalls: number;
  /** BullMQ's: 0 is served first, in order; above it the smaller number. */
  readonly priority: number;
  /** It had to wait for something else than a free place: it was delayed or put back, or a worker had it before. */
  readonly wasPutOff: boolean;
  /** Aborted when the consumer gives up waiting for the job at its end. */
  readonly signal: AbortSignal;
}

/**
 * `done`, or the job goes back to the queue, where any worker begins it after `againInMs` (0: at once), with other data
 * if there are any. Meanwhile it holds nobody's place.
 */
export type JobOutcome = 'done' | { readonly againInMs: number; readonly data?: FinalJobData };

export interface QueueConsumerOptions {
  readonly concurrency: number;
  readonly keepJobs: number;
  readonly onError: (error: Error) => void;
}

/** How long a dead worker's job stays locked: it is running again 3.2 to 3.5 s after the death. */
const lockDurationMs = 3000;
const stalledIntervalMs = 1000;
/** A final whose handler threw is tried again so much later: a failed job would hold its id, and nobody would come for it. */
const finalAgainMs = 1000;

/**
 * Takes jobs from one queue. Nothing depends on BullMQ's failed handling: a handler commits failures itself, and a
 * final is brought back however often its worker dies, for the handler to judge by `stalls`.
 */
export class QueueConsumer<Data extends JobData> {
  readonly #worker: Worker;
  readonly #abort = new AbortController();
  #closing: Promise<void> | undefined;

  constructor(
    kind: QueueKind,
    connection: Redis,
    handle: (work: QueueWork<Data>) => Promise<JobOutcome>,
    options: QueueConsumerOptions,
  ) {
    this.#worker = new Worker<Data>(
      queueName(kind),
      async (job, token) => {
        const { data, opts, stalledCounter: stalls } = job;
        const wasPutOff = job.attemptsStarted > 1 || (opts.delay ?? 0) > 0;
        const work = { data, stalls, priority: opts.priority ?? 0, wasPutOff, signal: this.#abort.signal };
        let outcome: JobOutcome;
        try {
          outcome = await handle(work);
        } catch (error) {
          if (kind === 'partial') throw error;
          options.onError(error instanceof Error ? error : new Error('a handler threw no error', { cause: error }));
          await requeue(job, token, finalAgainMs);
          return;
        }
        if (outcome !== 'done') await requeue(job, token, outcome.againInMs, outcome.data);
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
    this.#worker.on('error', options.onError);
  }

  /** Connects and begins to take jobs. */
  async start(): Promise<void> {
    await this.#worker.waitUntilReady();
    this.#worker.run().catch(() => undefined); // What goes wrong is told through the `error` event.
  }

  /** Takes no further job; waits for those under way, and aborts them when the signal says that it was long enough. */
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

/** `moveToWait` of a job with a priority wakes no idle worker (it waits for their next poll); a delay that has passed does. */
async function requeue(job: Job, token: string | undefined, delayMs: number, data?: FinalJobData): Promise<never> {
  if (data !== undefined) await job.updateData(data);
  await job.moveToDelayed(Date.now() + delayMs, token);
  throw new DelayedError();
}
