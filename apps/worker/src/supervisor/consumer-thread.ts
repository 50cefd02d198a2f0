import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Config } from '@parley/config';
import type { MetricsSnapshot } from '@parley/telemetry';
import type { EngineTroubles } from '../engine/engine-watch.ts';
import type { MutexHandle } from './poison-job-mutex.ts';
import { newActivityCells, ThreadActivity } from './thread-activity.ts';
import type { FromThread, ThreadData, ToThread } from './thread-messages.ts';

const metricsTimeoutMs = 1000;

/** A worker thread did not start consuming jobs. */
export class ThreadStartError extends Error {
  override readonly name = 'ThreadStartError';
}

/** Called with the endpoints that a thread cannot use. */
export type OnTroubles = (troubles: EngineTroubles) => void;

/** The supervisor's handle of a worker thread that consumes the queues. */
export class ConsumerThread {
  readonly #worker: Worker;
  readonly #metricsRequests = new Map<number, (metrics: MetricsSnapshot) => void>();
  #nextId = 0;
  #error: unknown;
  /** Resolves when the thread has ended, for any reason. */
  readonly exited: Promise<void>;
  /** The jobs that it has taken. */
  readonly activity: ThreadActivity;

  private constructor(worker: Worker, activity: ThreadActivity, onTroubles: OnTroubles) {
    this.#worker = worker;
    this.activity = activity;
    this.exited = new Promise((resolve) => worker.once('exit', () => resolve()));
    // The supervisor acts on the `exit` event that follows.
    worker.on('error', (error: unknown) => (this.#error = error));
    worker.on('message', (message: FromThread) => {
      if (message.type === 'metrics') this.#metricsRequests.get(message.id)?.(message.metrics as MetricsSnapshot);
      if (message.type === 'engine') onTroubles(message.troubles);
    });
  }

  /** The error that ended the thread, if any. */
  get error(): unknown {
    return this.#error;
  }

  /**
   * Resolves once the thread consumes jobs.
   *
   * @param main the thread's main module
   * @throws ThreadStartError
   */
  static async start(
    config: Config,
    mutexHandle: MutexHandle,
    onTroubles: OnTroubles,
    main = new URL('thread-main.ts', import.meta.url),
  ): Promise<ConsumerThread> {
    const activityCells = newActivityCells();
    const workerData: ThreadData = { config, mutexHandle, activityCells };
    const worker = new Worker(main, { workerData });
    const thread = new ConsumerThread(worker, new ThreadActivity(activityCells), onTroubles);
    const gone = thread.exited.then((): FromThread => ({ type: 'failed', message: 'the thread ended' }));
    const message = await Promise.race([startMessage(worker), gone]).catch((cause: unknown) => {
      throw new ThreadStartError('a worker thread did not start: it ended with an error', { cause });
    });
    if (message.type === 'failed') throw new ThreadStartError(`a worker thread did not start: ${message.message}`);
    return thread;
  }

  /** Returns the thread's metrics; an empty list if it does not reply within a second. */
  async metrics(): Promise<MetricsSnapshot> {
    const id = this.#nextId++;
    try {
      return await new Promise<MetricsSnapshot>((resolve) => {
        this.#metricsRequests.set(id, resolve);
        setTimeout(() => resolve([]), metricsTimeoutMs).unref();
        this.#send({ type: 'metrics', id });
      });
    } finally {
      this.#metricsRequests.delete(id);
    }
  }

  /** Lets the thread finish its jobs; after the time-out it is terminated, and its finals are recovered as stalled jobs. */
  async close(timeoutMs: number): Promise<void> {
    this.#send({ type: 'close', timeoutMs });
    const late = setTimeout(() => void this.#worker.terminate(), timeoutMs + 1000);
    await this.exited;
    clearTimeout(late);
  }

  /** Ends the thread at once; its jobs are recovered as stalled ones. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #send(message: ToThread): void {
    this.#worker.postMessage(message);
  }
}

/** Waits for the thread to report whether it started; it may report engine trouble before. */
async function startMessage(worker: Worker): Promise<FromThread> {
  for (;;) {
    const [message] = (await once(worker, 'message')) as [FromThread];
    if (message.type === 'ready' || message.type === 'failed') return message;
  }
}
