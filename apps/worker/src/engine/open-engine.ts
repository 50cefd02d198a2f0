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
  /** Unique name of this consumer. */
  readonly thread: string;
  readonly watch: EngineWatch;
}

export interface OpenedEngine {
  readonly engine: Engine;
  /** The recently unused share of the tightest rate limit; `undefined` while no limit is known. */
  readonly headroom: () => number | undefined;
}

/**
 * Opens the configured engine: one or more endpoints, each with metering, rate limit and circuit breaker. Everything opened
 * is added to `opened`.
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
        // Types without models are priced by type.
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

/** Opens the rate limit of an endpoint, shared with all threads of all workers. */
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
      headroom: (share) => limitMetrics.headroom(name, share),
      localFallback: (isActive) => limitMetrics.localFallback(name, isActive),
    },
    now: () => systemClock.now(),
    random: Math.random,
    newCall: uniqueName,
  });
  threads.onCounted(() => limiter.storeReconnected());
  await pauses.subscribe(endpoint, (forMs) => limiter.pause(forMs));
  return limiter;
}
