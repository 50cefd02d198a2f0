import { queueShards, type Config } from '@parley/config';
import { QueueConsumer, type FinalJobData, type PartialJobData, type QueueWork } from '@parley/queues';
import type { ThreadActivity } from '../supervisor/thread-activity.ts';
import { createFinalHandler, type FinalHandlerDependencies } from './final-handler.ts';
import { longShare, maxHeldSegments, shardShare } from './concurrency.ts';
import type { SegmentHolder } from '../partials/segment-holder.ts';

export interface QueueConsumersOptions {
  readonly config: Pick<Config, 'FINAL_CONCURRENCY' | 'KEEP_JOBS' | 'QUEUE_SHARDS' | 'REDIS_CLUSTER'>;
  readonly redis: ConstructorParameters<typeof QueueConsumer<FinalJobData>>[1];
  readonly segments: SegmentHolder;
  readonly final: FinalHandlerDependencies;
  readonly activity: ThreadActivity;
  readonly onError: (error: Error) => void;
}

/** Consumes all queues of every shard. The shards share the thread's concurrency equally, see `shardShare`. */
export class QueueConsumers {
  readonly #partials: readonly QueueConsumer<PartialJobData>[];
  readonly #finals: readonly QueueConsumer<FinalJobData>[];

  /** Resolves when jobs are being consumed. */
  static async start(options: QueueConsumersOptions): Promise<QueueConsumers> {
    const consumers = new QueueConsumers(options);
    await Promise.all([...consumers.#partials, ...consumers.#finals].map((consumer) => consumer.start()));
    return consumers;
  }

  private constructor({ config, redis, segments, final, activity, onError }: QueueConsumersOptions) {
    const { FINAL_CONCURRENCY, KEEP_JOBS: keepJobs } = config;
    const shards = Array.from({ length: queueShards(config) }, (_, shard) => shard);
    const optionsOf = (shard: number, concurrency: number) => ({
      shard,
      concurrency: shardShare(concurrency, shards.length),
      keepJobs,
      onError,
    });
    const hold = activity.counting('partial', (work: QueueWork<PartialJobData>) => segments.hold(work));
    const short = activity.counting('final', createFinalHandler(final, 'final'));
    const long = activity.counting('long-final', createFinalHandler(final, 'long-final'));
    this.#partials = shards.map(
      (shard) => new QueueConsumer('partial', redis, hold, optionsOf(shard, maxHeldSegments)),
    );
    this.#finals = shards.flatMap((shard) => [
      new QueueConsumer('final', redis, short, optionsOf(shard, FINAL_CONCURRENCY)),
      new QueueConsumer('long-final', redis, long, optionsOf(shard, FINAL_CONCURRENCY * longShare)),
    ]);
  }

  /** Takes no further jobs and finishes the finals in progress, which are requeued when `signal` is aborted. */
  async close(signal: AbortSignal): Promise<void> {
    // Open segments are handed over to other workers at once.
    const atOnce = AbortSignal.abort();
    await Promise.all([
      ...this.#partials.map((consumer) => consumer.close(atOnce)),
      ...this.#finals.map((consumer) => consumer.close(signal)),
    ]);
  }
}
