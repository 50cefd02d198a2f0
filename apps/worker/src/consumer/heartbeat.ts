import type { EngineProfileStore } from '@parley/redis/engine-profile';
import type { Logger } from '@parley/telemetry';
import { EngineError, type Engine } from '@parley/translation';

const publishEveryMs = 5000;
const replyTimeoutMs = 5000;

export interface HeartbeatOptions {
  readonly engine: Engine;
  readonly profiles: EngineProfileStore;
  readonly logger: Logger;
}

/** Publishes the engine's profile every five seconds, which also shows edges that a worker exists. */
export class Heartbeat implements Disposable {
  readonly #options: HeartbeatOptions;
  readonly #timer: NodeJS.Timeout;

  /** Resolves after the first publication, so that edges starting later know the languages. */
  static async start(options: HeartbeatOptions): Promise<Heartbeat> {
    const heartbeat = new Heartbeat(options);
    await heartbeat.#beat();
    return heartbeat;
  }

  private constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#beat(), publishEveryMs);
    this.#timer.unref();
  }

  async #beat(): Promise<void> {
    const { engine, profiles, logger } = this.#options;
    try {
      const { languagePairs } = await engine.capabilities(AbortSignal.timeout(replyTimeoutMs));
      const pairs = languagePairs?.map(([source, target]): [string, string] => [source, target]);
      await profiles.publish({
        v: 1,
        engine: engine.name,
        ...(pairs === undefined ? {} : { languagePairs: pairs }),
      });
    } catch (error) {
      // Engine failures are reported by `EngineWatch`.
      if (error instanceof EngineError) return;
      logger.warn({ err: error }, 'publishing the engine profile failed');
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
