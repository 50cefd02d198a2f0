import type { Config } from '@parley/config';
import type { OldestWaiting } from '@parley/queues';
import type { Logger, MetricsSnapshot, ThreadMetrics } from '@parley/telemetry';
import type { EngineTroubles } from '../engine/engine-watch.ts';
import { ConsumerThread, type OnTroubles } from './consumer-thread.ts';
import { newMutexCell, PoisonJobMutex, type MutexHandle } from './poison-job-mutex.ts';
import { ThreadWatchdog, type StuckThread } from './thread-watchdog.ts';

const restartDelayMs = 500;

type StartThread = (config: Config, mutexHandle: MutexHandle, onTroubles: OnTroubles) => Promise<ConsumerThread>;

export interface ThreadGroupOptions {
  readonly logger: Logger;
  /** Called with a thread's number and its engine troubles; with none when the thread has ended. */
  readonly onTroubles: (thread: number, troubles: EngineTroubles) => void;
  readonly metrics: ThreadMetrics;
  /** Reads how long the oldest jobs have waited. */
  readonly oldestWaiting: () => Promise<OldestWaiting>;
  readonly startThread?: StartThread;
}

const start: StartThread = (config, mutexHandle, onTroubles) => ConsumerThread.start(config, mutexHandle, onTroubles);

/** The metrics of a thread; none if it does not answer. */
export interface ThreadSnapshot {
  readonly thread: number;
  readonly metrics: MetricsSnapshot;
}

/** The configured number of consumer threads of a worker process; a thread that dies or takes no jobs is replaced. */
export class ThreadGroup {
  readonly #config: Config;
  readonly #logger: Logger;
  readonly #startThread: StartThread;
  readonly #onTroubles: ThreadGroupOptions['onTroubles'];
  readonly #metrics: ThreadMetrics;
  readonly #watchdog: ThreadWatchdog<ConsumerThread>;
  readonly #stuck = new WeakSet<ConsumerThread>();
  readonly #threads = new Set<ConsumerThread>();
  readonly #numbers = new WeakMap<ConsumerThread, number>();
  readonly #restarts = new Set<NodeJS.Timeout>();
  readonly #mutexCell = newMutexCell();
  #threadsStarted = 0;
  #closing = false;

  private constructor(
    config: Config,
    { logger, onTroubles, metrics, oldestWaiting, startThread = start }: ThreadGroupOptions,
  ) {
    this.#config = config;
    this.#startThread = startThread;
    this.#onTroubles = onTroubles;
    this.#logger = logger;
    this.#metrics = metrics;
    this.#watchdog = new ThreadWatchdog({
      config,
      threads: () => this.#threads,
      oldestWaiting,
      onStuck: (stuck) => this.#replaceStuck(stuck),
    });
  }

  /** @throws ThreadStartError if one of the initial threads does not start; the others are closed */
  static async start(config: Config, options: ThreadGroupOptions): Promise<ThreadGroup> {
    const group = new ThreadGroup(config, options);
    const started = await Promise.allSettled(Array.from({ length: config.WORKER_THREADS }, () => group.#add()));
    const failure = started.find((result) => result.status === 'rejected');
    if (failure === undefined) return group;
    await group.close(0);
    throw failure.reason;
  }

  get size(): number {
    return this.#threads.size;
  }

  /** The number of threads that were started in the place of others. */
  get replaced(): number {
    return Math.max(0, this.#threadsStarted - this.#config.WORKER_THREADS);
  }

  async metrics(): Promise<MetricsSnapshot[]> {
    return (await this.snapshots()).map(({ metrics }) => metrics);
  }

  async snapshots(): Promise<ThreadSnapshot[]> {
    return Promise.all(
      [...this.#threads].map(async (thread) => ({
        thread: this.#numbers.get(thread) ?? 0,
        metrics: await thread.metrics(),
      })),
    );
  }

  async close(timeoutMs: number): Promise<void> {
    this.#closing = true;
    this.#watchdog[Symbol.dispose]();
    for (const timer of this.#restarts) clearTimeout(timer);
    await Promise.all([...this.#threads].map((thread) => thread.close(timeoutMs)));
  }

  async #add(): Promise<void> {
    const mutexHandle = { cell: this.#mutexCell, owner: ++this.#threadsStarted };
    const onTroubles = (troubles: EngineTroubles): void => this.#onTroubles(mutexHandle.owner, troubles);
    const thread = await this.#startThread(this.#config, mutexHandle, onTroubles);
    this.#threads.add(thread);
    this.#numbers.set(thread, mutexHandle.owner);
    void thread.exited.then(() => {
      this.#threads.delete(thread);
      new PoisonJobMutex(mutexHandle).release();
      onTroubles({});
      if (this.#closing) return;
      const isStuck = this.#stuck.has(thread);
      this.#metrics.restarted(isStuck ? 'stuck' : 'exited');
      if (!isStuck) this.#logger.error({ err: thread.error }, 'worker thread exited; restarting');
      this.#replaceLater();
    });
    // `close` was called while this thread was starting.
    if (this.#closing) await thread.close(0);
  }

  #replaceStuck({ thread, queue, oldestMs }: StuckThread<ConsumerThread>): void {
    if (this.#closing || this.#stuck.has(thread)) return;
    this.#stuck.add(thread);
    this.#logger.error({ queue, oldestMs: Math.round(oldestMs) }, 'worker thread takes no jobs; restarting');
    void thread.terminate();
  }

  #replaceLater(): void {
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      this.#add().catch((error: unknown) => {
        this.#logger.error({ err: error }, 'restarting a worker thread failed');
        if (!this.#closing) this.#replaceLater();
      });
    }, restartDelayMs);
    this.#restarts.add(timer);
  }
}
