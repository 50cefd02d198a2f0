import { Counter, Gauge } from 'prom-client';
import type { MetricsRegistry } from './metrics-registry.ts';
import type { TranslationKind } from './translation-kind.ts';

/** What one consumer counts of the endpoints that translate. Their names are the configuration's, and hold no keys. */
export interface EndpointMetrics {
  /** An endpoint was asked, and this came of it. */
  endpointCalled(endpoint: string, kind: TranslationKind, outcome: string): void;
  /** It was not asked, so the next one was. */
  endpointPassedOver(endpoint: string, reason: string): void;
  /** `open`: it failed too often and is left alone; `half-open`: one call tries whether it is well again. */
  circuitChanged(endpoint: string, position: 'closed' | 'open' | 'half-open'): void;
  /** A call was served by another endpoint than the first one of its kind. */
  failedOver(kind: TranslationKind): void;
}

/** Adds the metrics of endpoints to a registry, which must not hold them yet. */
export function createEndpointMetrics(registry: MetricsRegistry): EndpointMetrics {
  const registers = [registry];
  const calls = new Counter({
    name: 'parley_worker_endpoint_calls_total',
    help: 'Calls of an endpoint, by kind and outcome.',
    labelNames: ['endpoint', 'kind', 'outcome'],
    registers,
  });
  const passedOver = new Counter({
    name: 'parley_worker_endpoint_passed_over_total',
    help: 'Calls for which an endpoint was not asked, by reason.',
    labelNames: ['endpoint', 'reason'],
    registers,
  });
  const openCircuits = new Gauge({
    name: 'parley_worker_endpoint_circuits_open',
    help: 'Threads that leave an endpoint alone because it failed too often.',
    labelNames: ['endpoint'],
    registers,
  });
  const failovers = new Counter({
    name: 'parley_worker_failovers_total',
    help: 'Calls served by another endpoint than the first one, by kind.',
    labelNames: ['kind'],
    registers,
  });
  return {
    endpointCalled: (endpoint, kind, outcome) => calls.inc({ endpoint, kind, outcome }),
    endpointPassedOver: (endpoint, reason) => passedOver.inc({ endpoint, reason }),
    circuitChanged: (endpoint, position) => openCircuits.set({ endpoint }, position === 'closed' ? 0 : 1),
    failedOver: (kind) => failovers.inc({ kind }),
  };
}
