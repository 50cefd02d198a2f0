import { engineEndpoints, type Config, type EngineEndpoint } from '@parley/config';
import { createFailoverEngine, type FailoverEndpoint, type FailoverObserver } from '@parley/engines';
import type { BatchMetrics } from '@parley/telemetry';
import {
  createBatchingEngine,
  createMeteredEngine,
  estimateUsage,
  systemClock,
  type Engine,
  type Spending,
} from '@parley/translation';
import { createEndpoint } from './create-endpoint.ts';
import { circuitSettings } from './engine-options.ts';
import type { EngineWatch } from './engine-watch.ts';
import { limitEngine, type EngineWithLimit, type LimitDependencies } from './limited-engine.ts';

export interface EngineDependencies extends LimitDependencies {
  readonly spending: Spending;
  readonly endpointMetrics: FailoverObserver;
  readonly watch: EngineWatch;
  readonly batchMetrics: BatchMetrics;
}

/** What a consumer translates with. */
export interface OpenedEngine {
  readonly engine: Engine;
  /** The share of the tightest allowance that was not used lately; `undefined` while no limit is known. */
  readonly unused: () => number | undefined;
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
  const limits: EngineWithLimit[] = [];
  const endpoints: FailoverEndpoint[] = [];
  for (const endpoint of engineEndpoints(config)) {
    const adapter = opened.adopt(createEndpoint(config, endpoint), (engine) => engine.close());
    deps.watch.add(endpoint.name, adapter);
    const limited = opened.use(await limitEngine(metered(adapter, endpoint, config, deps), endpoint, config, deps));
    limits.push(limited);
    const engine = config.BATCHING ? batching(limited, deps.batchMetrics) : limited.engine;
    endpoints.push({ name: endpoint.name, for: endpoint.for, engine });
  }
  const engine = createFailoverEngine({
    endpoints,
    circuit: circuitSettings,
    observer: deps.watch.observing(deps.endpointMetrics),
    clock: systemClock,
    random: Math.random,
  });
  return {
    engine,
    unused: () => {
      const known = limits.map((limited) => limited.unused()).filter((share) => share !== undefined);
      return known.length === 0 ? undefined : Math.min(...known);
    },
  };
}

function metered(
  engine: Engine,
  endpoint: EngineEndpoint,
  { ENGINE_PRICES }: Config,
  { spending }: EngineDependencies,
): Engine {
  const price = endpoint.type === 'openai' ? ENGINE_PRICES[endpoint.model] : undefined;
  return createMeteredEngine(engine, { spending, price, estimate: estimateUsage(engine) });
}

function batching(limited: EngineWithLimit, metrics: BatchMetrics): Engine {
  return createBatchingEngine(limited.engine, {
    isTight: () => limited.isTight(),
    clock: systemClock,
    onBatch: (texts, outcome) => metrics.batched(texts, outcome),
  });
}
