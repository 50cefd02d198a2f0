import { engineEndpoints, type Config, type EngineEndpoint } from '@parley/config';
import { createEngine, createFailoverEngine, Endpoint, engineTypeOf, type EndpointObserver } from '@parley/engines';
import { uniqueName } from '@parley/redis/connection';
import { limitedEndpoint, RateLimitStore, ThreadCount, type LimitPauses } from '@parley/redis/rate-limit';
import type { BatchMetrics, EndpointMetrics, RateLimitMetrics } from '@parley/telemetry';
import { SharedRateLimiter, systemClock, type Engine, type Spending } from '@parley/translation';
import { circuitSettings, endpointOptions } from './engine-options.ts';
import type { EngineWatch } from './engine-watch.ts';

export interface EngineDependencies {
  readonly redis: ConstructorParameters<typeof RateLimitStore>[0];
  readonly pauses: LimitPauses;
  readonly limitMetrics: RateLimitMetrics;
  readonly endpointMetrics: EndpointMetrics;
  readonly batchMetrics: BatchMetrics;
  readonly spending: Spending;
  /** Names this consumer. */
  readonly thread: string;
  readonly watch: EngineWatch;
}

/** What a consumer translates with. */
export interface OpenedEngine {
  readonly engine: Engine;
  /** The share of the tightest allowance that was not used lately; `undefined` while no limit is known. */
  readonly headroom: () => number | undefined;
}

/**
 * The engine that the environment asks for: one endpoint or several, each counted, behind its rate limit and a circuit
 * breaker. What is opened is closed with `opened`.
 */
export async function openEngine(
  config: Config,
  deps: EngineDependencies,
  opened: AsyncDisposableStack,
): Promise<OpenedEngine> {
  const { endpointMetrics, batchMetrics, watch, spending } = deps;
  const observer: EndpointObserver = watch.observing({
    ...endpointMetrics,
    batched: (texts, outcome) => batchMetrics.batched(texts, outcome),
  });
  const limiters: SharedRateLimiter[] = [];
  const endpoints: Endpoint[] = [];
  for (const entry of engineEndpoints(config)) {
    const engine = opened.adopt(await createEngine(entry, endpointOptions(config, entry)), (adapter) =>
      adapter.close(),
    );
    watch.add(entry.name, engine);
    const limiter = await openLimiter(entry, config, deps, opened);
    limiters.push(limiter);
    endpoints.push(
      new Endpoint({
        name: entry.name,
        engine,
        for: entry.for,
        limiter,
        batching: config.BATCHING,
        spending,
        // What has no model is priced by the name of its type.
        price: config.ENGINE_PRICES[entry.model ?? entry.type],
        chargedBy: engineTypeOf(entry.type)?.chargedBy ?? 'tokens',
        circuit: circuitSettings,
        observer,
        clock: systemClock,
        random: Math.random,
      }),
    );
  }
  return {
    engine: createFailoverEngine(endpoints, (kind) => endpointMetrics.failedOver(kind)),
    headroom: () => {
      const known = limiters.map(({ headroom }) => headroom).filter((share) => share !== undefined);
      return known.length === 0 ? undefined : Math.min(...known);
    },
  };
}

/** The rate limit of an endpoint, which it shares with all threads of all workers. */
async function openLimiter(
  { baseUrl, apiKey, model, name, rpm, tpm }: EngineEndpoint,
  { FINAL_RESERVE }: Config,
  { redis, pauses, limitMetrics, thread }: EngineDependencies,
  opened: AsyncDisposableStack,
): Promise<SharedRateLimiter> {
  const endpoint = limitedEndpoint(baseUrl, apiKey, model);
  const threads = opened.use(await ThreadCount.start(redis, endpoint, thread));
  const limiter = new SharedRateLimiter({
    store: new RateLimitStore(redis, endpoint),
    limits: { requests: rpm, tokens: tpm },
    finalReserve: FINAL_RESERVE,
    threads: () => threads.value,
    observer: {
      asked: (kind, result) => limitMetrics.asked(name, kind, result),
      paused: () => limitMetrics.paused(name),
      headroom: (share) => limitMetrics.unused(name, share),
      localFallback: (isActive) => limitMetrics.alone(name, isActive),
    },
    now: () => systemClock.now(),
    random: Math.random,
    newCall: uniqueName,
  });
  threads.onCounted(() => limiter.storeReconnected());
  await pauses.subscribe(endpoint, (forMs) => limiter.pause(forMs));
  return limiter;
}
