import {
  createBatchMetrics,
  createEdgeMetrics,
  createEndpointMetrics,
  createEndpointUsabilityMetric,
  createLocalEngineMetrics,
  createProcessRegistry,
  createQueueAgeMetric,
  createQueueMetrics,
  createRateLimitMetrics,
  createRedisMetric,
  createThreadMetrics,
  createWebhookMetrics,
  createWorkerMetrics,
  type MetricsRegistry,
} from '@parley/telemetry';

interface RegisteredMetric {
  readonly type: string;
  readonly labels: readonly string[];
}

const redisHealth = { isUsable: true };

/** Adds the metrics of each process, which an end-to-end test holds against what the processes serve. */
export const metricsOf = {
  edge: (registry) => {
    createEdgeMetrics(registry);
    createRedisMetric(registry, 'edge', redisHealth);
  },
  worker: (registry) => {
    createWorkerMetrics(registry);
    createEndpointMetrics(registry);
    createEndpointUsabilityMetric(registry, [], () => true);
    createRateLimitMetrics(registry);
    createBatchMetrics(registry);
    createThreadMetrics(registry);
    createWebhookMetrics(registry);
    createQueueMetrics(registry, () => Promise.resolve([]));
    createQueueAgeMetric(registry, () => Promise.resolve([]));
    createRedisMetric(registry, 'worker', redisHealth);
  },
  dashboard: (registry) => createRedisMetric(registry, 'dashboard', redisHealth),
  engine: (registry) =>
    createLocalEngineMetrics(registry, () => ({ completed: 0, rejected: 0, failed: 0, aborted: 0, concurrent: 0 })),
} as const satisfies Record<string, (registry: MetricsRegistry) => void>;

/** Returns the metrics of one process, with those of Node.js. */
export async function registeredMetrics(
  process: keyof typeof metricsOf,
): Promise<ReadonlyMap<string, RegisteredMetric>> {
  const registry = createProcessRegistry();
  metricsOf[process](registry);
  const types = new Map((await registry.getMetricsAsJSON()).map(({ name, type }) => [name, String(type)]));
  // `labelNames` is there at run time, but not in the types.
  const metrics = registry
    .getMetricsAsArray()
    .map((metric) => ({ labelNames: [] as string[], ...(metric as object), name: metric.name }));
  return new Map(metrics.map(({ name, labelNames }) => [name, { type: types.get(name) ?? '', labels: labelNames }]));
}
