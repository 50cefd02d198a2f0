import { queueShards, type Config } from '@parley/config';
import { queueKinds, type OldestWaiting, type QueueKind } from '@parley/queues';
import { longShare, maxHeldSegments, shardShare } from '../consumer/concurrency.ts';
import { IdleDetector } from './idle-detector.ts';
import type { ThreadActivity } from './thread-activity.ts';

const sampleEveryMs = 1000;

/** A thread as the watchdog sees it. */
export interface WatchedThread {
  readonly activity: Pick<ThreadActivity, 'taken' | 'active'>;
}

export interface StuckThread<Thread> {
  readonly thread: Thread;
  readonly queue: QueueKind;
  /** How long the oldest job of the queue has waited. */
  readonly oldestMs: number;
}

export interface ThreadWatchdogOptions<Thread extends WatchedThread> {
  readonly config: Pick<Config, 'FINAL_CONCURRENCY' | 'QUEUE_SHARDS' | 'REDIS_CLUSTER'>;
  readonly threads: () => Iterable<Thread>;
  /** Reads how long the oldest jobs have waited. */
  readonly oldestWaiting: () => Promise<OldestWaiting>;
  /** Called for a thread that takes nothing although jobs wait. */
  readonly onStuck: (stuck: StuckThread<Thread>) => void;
}

/**
 * Samples the queues and the threads every second. While Redis is unreachable, no thread is regarded as stuck, since none
 * could take a job.
 */
export class ThreadWatchdog<Thread extends WatchedThread> implements Disposable {
  readonly #options: ThreadWatchdogOptions<Thread>;
  readonly #capacity: Readonly<Record<QueueKind, number>>;
  readonly #detectors = new WeakMap<Thread, Readonly<Record<QueueKind, IdleDetector>>>();
  readonly #timer: NodeJS.Timeout;
  #isSampling = false;

  constructor(options: ThreadWatchdogOptions<Thread>) {
    this.#options = options;
    // A thread that is full in one shard may be right to take nothing.
    const shards = queueShards(options.config);
    this.#capacity = {
      partial: shardShare(maxHeldSegments, shards),
      final: shardShare(options.config.FINAL_CONCURRENCY, shards),
      'long-final': shardShare(options.config.FINAL_CONCURRENCY * longShare, shards),
    };
    this.#timer = setInterval(() => void this.#sample(), sampleEveryMs);
    this.#timer.unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #sample(): Promise<void> {
    if (this.#isSampling) return;
    this.#isSampling = true;
    try {
      const oldest = await this.#options.oldestWaiting();
      this.#inspect(oldest, performance.now());
    } catch {
      // Redis is unreachable, which is reported elsewhere.
    } finally {
      this.#isSampling = false;
    }
  }

  #inspect(oldest: OldestWaiting, nowMs: number): void {
    for (const thread of this.#options.threads()) {
      const detectors = this.#detectors.get(thread) ?? newDetectors();
      this.#detectors.set(thread, detectors);
      const stuckIn = queueKinds.filter((kind) =>
        detectors[kind].observe({
          oldestMs: oldest[kind],
          taken: thread.activity.taken(kind),
          isFull: thread.activity.active(kind) >= this.#capacity[kind],
          nowMs,
        }),
      );
      const [queue] = stuckIn;
      if (queue !== undefined) this.#options.onStuck({ thread, queue, oldestMs: oldest[queue] ?? 0 });
    }
  }
}

function newDetectors(): Readonly<Record<QueueKind, IdleDetector>> {
  return { partial: new IdleDetector(), final: new IdleDetector(), 'long-final': new IdleDetector() };
}
