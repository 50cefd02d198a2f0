import { Gauge } from 'prom-client';
import type { MetricsRegistry } from './metrics-registry.ts';

/**
 * Adds to the registry of a worker whether it can use each engine endpoint, as far as known: by its calls, and by checks if there
 * are none.
 *
 * @param endpoints the names of all configured endpoints
 */
export function createEndpointUsabilityMetric(
  registry: MetricsRegistry,
  endpoints: readonly string[],
  isUsable: (endpoint: string) => boolean,
): void {
  new Gauge({
    name: 'parley_worker_endpoint_usable',
    help: 'Whether the worker can use an endpoint (1) or not (0).',
    labelNames: ['endpoint'],
    registers: [registry],
    collect() {
      for (const endpoint of endpoints) this.set({ endpoint }, isUsable(endpoint) ? 1 : 0);
    },
  });
}
