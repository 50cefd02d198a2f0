import type { Config } from '@parley/config';
import { LaneConsumer } from '@parley/lanes';
import { createFinalHandler, type FinalHandlerDependencies } from './final-handler.ts';
import type { OverloadWatch } from './overload-watch.ts';
import { createPartialHandler, type PartialHandlerDependencies } from './partial-handler.ts';

export interface LaneConsumersOptions {
  readonly config: Pick<Config, 'PARTIAL_CONCURRENCY' | 'FINAL_CONCURRENCY' | 'KEEP_JOBS'>;
  readonly redis: ConstructorParameters<typeof LaneConsumer>[1];
  readonly overloadWatch: Pick<OverloadWatch, 'over'>;
  readonly partial: PartialHandlerDependencies;
  readonly final: FinalHandlerDependencies;
  readonly onError: (error: Error) => void;
}

/** Takes jobs from both lanes. */
export class LaneConsumers {
  readonly #partials: LaneConsumer;
  readonly #finals: LaneConsumer;

  /** Resolves once it takes jobs. */
  static async start(options: LaneConsumersOptions): Promise<LaneConsumers> {
    const consumers = new LaneConsumers(options);
    await Promise.all([consumers.#partials.start(), consumers.#finals.start()]);
    return consumers;
  }

  private constructor({ config, redis, overloadWatch, partial, final, onError }: LaneConsumersOptions) {
    const { PARTIAL_CONCURRENCY, FINAL_CONCURRENCY, KEEP_JOBS: keepJobs } = config;
    this.#partials = new LaneConsumer(
      'partial',
      redis,
      overloadWatch.over(createPartialHandler(partial), PARTIAL_CONCURRENCY),
      {
        concurrency: PARTIAL_CONCURRENCY,
        keepJobs,
        onError,
      },
    );
    this.#finals = new LaneConsumer('final', redis, overloadWatch.over(createFinalHandler(final), FINAL_CONCURRENCY), {
      concurrency: FINAL_CONCURRENCY,
      keepJobs,
      onError,
    });
  }

  /** Takes no further job and finishes the finals under way; when `signal` is aborted, they go back to the lane. */
  async close(signal: AbortSignal): Promise<void> {
    // Partials have no future on a worker that ends: their slots are put again.
    await Promise.all([this.#partials.close(AbortSignal.abort()), this.#finals.close(signal)]);
  }
}
