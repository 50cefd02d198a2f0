import type { Config } from '@parley/config';
import { QueueConsumer, type FinalJobData, type PartialJobData } from '@parley/queues';
import { createFinalHandler, type FinalHandlerDependencies } from './final-handler.ts';
import type { SegmentHolder } from '../partials/segment-holder.ts';

export interface QueueConsumersOptions {
  readonly config: Pick<Config, 'FINAL_CONCURRENCY' | 'KEEP_JOBS'>;
  readonly redis: ConstructorParameters<typeof QueueConsumer<FinalJobData>>[1];
  readonly segments: SegmentHolder;
  readonly final: FinalHandlerDependencies;
  readonly onError: (error: Error) => void;
}

/** Holding segments is cheap, but all of a thread's segments have to be taken over if it dies. */
export const maxHeldSegments = 500;

/** Long finals have places of their own, half as many as short ones. */
const longShare = 0.5;

/** Consumes all queues. */
export class QueueConsumers {
  readonly #partials: QueueConsumer<PartialJobData>;
  readonly #finals: QueueConsumer<FinalJobData>;
  readonly #longFinals: QueueConsumer<FinalJobData>;

  /** Resolves when jobs are being consumed. */
  static async start(options: QueueConsumersOptions): Promise<QueueConsumers> {
    const consumers = new QueueConsumers(options);
    await Promise.all(
      [consumers.#partials, consumers.#finals, consumers.#longFinals].map((consumer) => consumer.start()),
    );
    return consumers;
  }

  private constructor({ config, redis, segments, final, onError }: QueueConsumersOptions) {
    const { FINAL_CONCURRENCY, KEEP_JOBS: keepJobs } = config;
    this.#partials = new QueueConsumer('partial', redis, (work) => segments.hold(work), {
      concurrency: maxHeldSegments,
      keepJobs,
      onError,
    });
    this.#finals = new QueueConsumer('final', redis, createFinalHandler(final, 'final'), {
      concurrency: FINAL_CONCURRENCY,
      keepJobs,
      onError,
    });
    this.#longFinals = new QueueConsumer('long-final', redis, createFinalHandler(final, 'long-final'), {
      concurrency: Math.ceil(FINAL_CONCURRENCY * longShare),
      keepJobs,
      onError,
    });
  }

  /** Takes no further jobs and finishes the finals in progress, which are requeued when `signal` is aborted. */
  async close(signal: AbortSignal): Promise<void> {
    // Open segments are handed over to other workers at once.
    await Promise.all([
      this.#partials.close(AbortSignal.abort()),
      this.#finals.close(signal),
      this.#longFinals.close(signal),
    ]);
  }
}
