import type { Config } from '@parley/config';
import { LaneConsumer, type FinalJobData, type PartialJobData } from '@parley/lanes';
import { createFinalHandler, type FinalHandlerDependencies } from './final-handler.ts';
import type { SegmentHolder } from '../partials/segment-holder.ts';

export interface LaneConsumersOptions {
  readonly config: Pick<Config, 'FINAL_CONCURRENCY' | 'KEEP_JOBS'>;
  readonly redis: ConstructorParameters<typeof LaneConsumer<FinalJobData>>[1];
  readonly segments: SegmentHolder;
  readonly final: FinalHandlerDependencies;
  readonly onError: (error: Error) => void;
}

/** Held segments cost little, but a thread that dies leaves all of its own to others. */
const maxHeldSegments = 500;

/** Takes jobs from both lanes. */
export class LaneConsumers {
  readonly #partials: LaneConsumer<PartialJobData>;
  readonly #finals: LaneConsumer<FinalJobData>;

  /** Resolves once it takes jobs. */
  static async start(options: LaneConsumersOptions): Promise<LaneConsumers> {
    const consumers = new LaneConsumers(options);
    await Promise.all([consumers.#partials.start(), consumers.#finals.start()]);
    return consumers;
  }

  private constructor({ config, redis, segments, final, onError }: LaneConsumersOptions) {
    const { FINAL_CONCURRENCY, KEEP_JOBS: keepJobs } = config;
    this.#partials = new LaneConsumer('partial', redis, (work) => segments.hold(work), {
      concurrency: maxHeldSegments,
      keepJobs,
      onError,
    });
    this.#finals = new LaneConsumer('final', redis, createFinalHandler(final), {
      concurrency: FINAL_CONCURRENCY,
      keepJobs,
      onError,
    });
  }

  /** Takes no further job and finishes the finals under way; when `signal` is aborted, they go back to the lane. */
  async close(signal: AbortSignal): Promise<void> {
    // Open segments go to other workers at once.
    await Promise.all([this.#partials.close(AbortSignal.abort()), this.#finals.close(signal)]);
  }
}
