import type { Logger } from '@parley/telemetry';
import type { Engine } from '@parley/translation';

/** Maximum wait before the first job; after that, work begins with cold connections. */
const warmTimeoutMs = 5000;

/** Warms the engine's connections if possible. Never rejects. */
export async function warmEngine(engine: Engine, logger: Logger): Promise<void> {
  try {
    await engine.warm(AbortSignal.timeout(warmTimeoutMs));
  } catch (error) {
    // An unusable endpoint is reported once, by `EngineWatch`.
    logger.debug({ err: error }, 'warming the engine failed; continuing');
  }
}
