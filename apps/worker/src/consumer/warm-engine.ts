import type { Logger } from '@parley/telemetry';
import type { Engine } from '@parley/translation';

/** How long the engine may take to answer before the first job: past that, work begins cold. */
const warmTimeoutMs = 5000;

/** Warms the engine's connections, as far as that can be done: never rejects. */
export async function warmEngine(engine: Engine, logger: Logger): Promise<void> {
  try {
    await engine.warm(AbortSignal.timeout(warmTimeoutMs));
  } catch (error) {
    // Where it can't be used at all, the watch tells so, once.
    logger.debug({ err: error }, 'the engine could not be warmed; work begins all the same');
  }
}
