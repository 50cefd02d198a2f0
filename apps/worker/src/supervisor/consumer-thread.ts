import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Config } from '@parley/config';
import type { MetricsSnapshot } from '@parley/telemetry';
import type { EngineTroubles } from '../engine/engine-watch.ts';
import type { MutexSeat } from './poison-job-mutex.ts';
import type { FromThread, ThreadData, ToThread } from './thread-messages.ts';

const metricsWithinMs = 1000;

/** A worker thread could not begin to take jobs. */
export class ThreadStartError extends Error {
  override readonly name = 'ThreadStartError';
}

/** Hears which endpoints of the engine a thread can't use. */
export type OnTroubles = (troubles: EngineTroubles) => void;

/** One worker thread that consumes both queues, as its supervisor sees it. */
export class ConsumerThread {
  readonly #worker: Worker;
  readonly #asked = new Map<number, (metrics: MetricsSnapshot) => void>();
  #nextId = 0;
  #error: unknown;
  /** Resolves when the thread is gone, for whatever reason. */
  readonly exited: Promise<void>;

  private constructor(worker: Worker, onTroubles: OnTroubles) {
    this.#worker = worker;
    this.exited = new Promise((resolve) => worker.once('exit', () => resolve()));
    // `exit` follows, and the supervisor acts on that.
    worker.on('error', (error: unknown) => (this.#error = error));
    worker.on('message', (message: FromThread) => {
      if (message.type === 'metrics') this.#asked.get(message.id)?.(message.metrics as MetricsSnapshot);
      if (message.type === 'engine') onTroubles(message.troubles);
    });
  }

  /** What ended the thread, where it threw. */
  get error(): unknown {
    return this.#error;
  }

  /** Resolves once the thread takes jobs. @throws ThreadStartError */
  static async start(config: Config, seat: MutexSeat, onTroubles: OnTroubles): Promise<ConsumerThread> {
    const workerData: ThreadData = { config, seat };
    const worker = new Worker(new URL('thread-main.ts', import.meta.url), { workerData });
    const thread = new ConsumerThread(worker, onTroubles);
    const gone = thread.exited.then((): FromThread => ({ type: 'failed', message: 'the thread ended' }));
    const message = await Promise.race([whetherStarted(worker), gone]).catch((cause: unknown) => {
      throw new ThreadStartError('a worker thread did not start: it ended with an error', { cause });
    });
    if (message.type === 'failed') throw new ThreadStartError(`a worker thread did not start: ${message.message}`);
    return thread;
  }

  /** The thread's metrics; an empty list where it doesn't answer within a second. */
  async metrics(): Promise<MetricsSnapshot> {
    const id = this.#nextId++;
    try {
      return await new Promise<MetricsSnapshot>((resolve) => {
        this.#asked.set(id, resolve);
        setTimeout(() => resolve([]), metricsWithinMs).unref();
        this.#say({ type: 'metrics', id });
      });
    } finally {
      this.#asked.delete(id);
    }
  }

  /** Lets the thread finish its jobs; past the time it is ended, and its finals are brought back as stalled ones. */
  async close(timeoutMs: number): Promise<void> {
    this.#say({ type: 'close', timeoutMs });
    const late = setTimeout(() => void this.#worker.terminate(), timeoutMs + 1000);
    await this.exited;
    clearTimeout(late);
  }

  #say(message: ToThread): void {
    this.#worker.postMessage(message);
  }
}

/** What a thread says of its start; it may tell of the engine before. */
async function whetherStarted(worker: Worker): Promise<FromThread> {
  for (;;) {
    const [message] = (await once(worker, 'message')) as [FromThread];
    if (message.type === 'ready' || message.type === 'failed') return message;
  }
}
