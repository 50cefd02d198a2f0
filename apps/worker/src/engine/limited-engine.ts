import { randomBytes } from 'node:crypto';
import { engineBaseUrl, type Config } from '@parley/config';
import { limitedEndpoint, RateLimitStore, ThreadCount, type LimitPauses } from '@parley/state';
import type { RateLimitMetrics } from '@parley/telemetry';
import { createLimitedEngine, SharedRateLimit, systemClock, type Engine } from '@parley/translation';

export interface LimitDependencies {
  readonly redis: ConstructorParameters<typeof RateLimitStore>[0];
  readonly pauses: LimitPauses;
  readonly metrics: RateLimitMetrics;
  /** Names this consumer. */
  readonly thread: string;
}

/** The engine behind the rate limit that it shares with all threads of all workers; the limit ends with the disposal. */
export interface EngineWithLimit extends Disposable {
  readonly engine: Engine;
  /** The share of the allowance that was not used lately; `undefined` while no limit is known. */
  unused(): number | undefined;
}

/** Puts an engine behind its rate limit, as the environment gives it. */
export async function limitEngine(
  engine: Engine,
  config: Config,
  { redis, pauses, metrics, thread }: LimitDependencies,
): Promise<EngineWithLimit> {
  const endpoint = limitedEndpoint(engineBaseUrl(config), config.OPENAI_API_KEY);
  const threads = await ThreadCount.start(redis, endpoint, thread);
  const rateLimit = new SharedRateLimit({
    room: new RateLimitStore(redis, endpoint),
    limits: { requests: config.OPENAI_RPM, tokens: config.OPENAI_TPM },
    finalReserve: config.FINAL_RESERVE,
    threads: () => threads.value,
    observer: {
      asked: (kind, result) => metrics.asked(engine.name, kind, result),
      paused: () => metrics.paused(engine.name),
      unused: (share) => metrics.unused(engine.name, share),
      alone: (isAlone) => metrics.alone(engine.name, isAlone),
    },
    now: () => systemClock.now(),
    newCall: () => randomBytes(9).toString('base64url'),
  });
  await pauses.subscribe(endpoint, (forMs) => rateLimit.pause(forMs));
  return {
    engine: createLimitedEngine(engine, rateLimit),
    unused: () => rateLimit.unused,
    [Symbol.dispose]: () => threads[Symbol.dispose](),
  };
}
