import type { Config, EngineEndpoint } from '@parley/config';
import { limitedEndpoint, RateLimitStore, ThreadCount, uniqueName, type LimitPauses } from '@parley/state';
import type { RateLimitMetrics } from '@parley/telemetry';
import { createLimitedEngine, SharedRateLimit, systemClock, type Engine } from '@parley/translation';

export interface LimitDependencies {
  readonly redis: ConstructorParameters<typeof RateLimitStore>[0];
  readonly pauses: LimitPauses;
  readonly limitMetrics: RateLimitMetrics;
  /** Names this consumer. */
  readonly thread: string;
}

/** An endpoint behind the rate limit that it shares with all threads of all workers; the limit ends with the disposal. */
export interface EngineWithLimit extends Disposable {
  readonly engine: Engine;
  /** The share of the allowance that was not used lately; `undefined` while no limit is known. */
  unused(): number | undefined;
  /** Whether a call found no room just now: then a request saved is worth a wait. */
  isTight(): boolean;
}

/** How long the limit counts as tight after a call found no room. */
const tightForMs = 2000;

/** Puts one endpoint behind its rate limit, as the environment gives it. */
export async function limitEngine(
  engine: Engine,
  given: EngineEndpoint,
  config: Pick<Config, 'FINAL_RESERVE'>,
  { redis, pauses, limitMetrics, thread }: LimitDependencies,
): Promise<EngineWithLimit> {
  const { baseUrl, apiKey, name, rpm, tpm } = given;
  const endpoint = limitedEndpoint(baseUrl, apiKey, given.type === 'openai' ? given.model : undefined);
  const threads = await ThreadCount.start(redis, endpoint, thread);
  let tightUntilMs = -Infinity;
  const rateLimit = new SharedRateLimit({
    room: new RateLimitStore(redis, endpoint),
    limits: { requests: rpm, tokens: tpm },
    finalReserve: config.FINAL_RESERVE,
    threads: () => threads.value,
    observer: {
      asked: (kind, result) => {
        limitMetrics.asked(name, kind, result);
        if (result !== 'granted') tightUntilMs = systemClock.now() + tightForMs;
      },
      paused: () => limitMetrics.paused(name),
      unused: (share) => limitMetrics.unused(name, share),
      alone: (isAlone) => limitMetrics.alone(name, isAlone),
    },
    now: () => systemClock.now(),
    random: Math.random,
    newCall: uniqueName,
  });
  threads.onCounted(() => rateLimit.storeIsBack());
  await pauses.subscribe(endpoint, (forMs) => rateLimit.pause(forMs));
  return {
    engine: createLimitedEngine(engine, rateLimit),
    unused: () => rateLimit.unused,
    isTight: () => systemClock.now() < tightUntilMs,
    [Symbol.dispose]: () => threads[Symbol.dispose](),
  };
}
