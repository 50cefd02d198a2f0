import type { EngineProfileStore } from '@parley/redis/engine-profile';
import type { Logger } from '@parley/telemetry';
import { EngineError, type Engine } from '@parley/translation';

const everyMs = 5000;
const answerWithinMs = 5000;

export interface HeartbeatOptions {
  readonly engine: Engine;
  readonly profiles: EngineProfileStore;
  readonly logger: Logger;
}

/** Tells the edges every five seconds that there is a worker, and what its engine can do. */
export class Heartbeat implements Disposable {
  readonly #options: HeartbeatOptions;
  readonly #timer: NodeJS.Timeout;

  /** Resolves after the first beat, so that an edge which starts next knows the languages. */
  static async start(options: HeartbeatOptions): Promise<Heartbeat> {
    const heartbeat = new Heartbeat(options);
    await heartbeat.#beat();
    return heartbeat;
  }

  private constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#beat(), everyMs);
    this.#timer.unref();
  }

  async #beat(): Promise<void> {
    const { engine, profiles, logger } = this.#options;
    try {
      const { languagePairs } = await engine.capabilities(AbortSignal.timeout(answerWithinMs));
      const pairs = languagePairs?.map(([source, target]): [string, string] => [source, target]);
      await profiles.publish({
        v: 1,
        engine: engine.name,
        ...(pairs === undefined ? {} : { languagePairs: pairs }),
      });
    } catch (error) {
      // Whether the engine can be used is the watch's to tell.
      if (error instanceof EngineError) return;
      logger.warn({ err: error }, 'the profile of the engine could not be published');
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
