import { Counter, Gauge, Histogram } from 'prom-client';
import { latencyBucketsSeconds } from './buckets.ts';
import type { MetricsRegistry, TranslationKind } from './metrics-registry.ts';

/** Metrics of the engine endpoints, for one consumer. Configured endpoint names contain no keys. */
export interface EndpointMetrics {
  endpointCalled(endpoint: string, kind: TranslationKind, outcome: string): void;
  /** A request was answered completely; without the wait for the rate limit. */
  endpointAnswered(endpoint: string, durationMs: number): void;
  /** An endpoint was skipped in favor of the next one. */
  endpointPassedOver(endpoint: string, reason: string): void;
  /** `open`: skipped after repeated failures; `half-open`: one call tests whether it has recovered. */
  circuitChanged(endpoint: string, position: 'closed' | 'open' | 'half-open'): void;
  /** A call was served by an endpoint other than the first of its kind. */
  failedOver(kind: TranslationKind): void;
}

/** Creates the metrics in a registry that does not contain them yet. */
export function createEndpointMetrics(registry: MetricsRegistry): EndpointMetrics {
  const registers = [registry];
  const calls = new Counter({
    name: 'parley_worker_endpoint_calls_total',
    help: 'Calls to an endpoint, by kind and outcome.',
    labelNames: ['endpoint', 'kind', 'outcome'],
    registers,
  });
  const answers = new Histogram({
    name: 'parley_worker_endpoint_answer_seconds',
    help: 'Time from sending a request to an endpoint until its whole answer.',
    labelNames: ['endpoint'],
    buckets: latencyBucketsSeconds,
    registers,
  });
  const passedOver = new Counter({
    name: 'parley_worker_endpoint_passed_over_total',
    help: 'Calls for which an endpoint was skipped, by reason.',
    labelNames: ['endpoint', 'reason'],
    registers,
  });
  const openCircuits = new Gauge({
    name: 'parley_worker_endpoint_circuits_open',
    help: 'Threads whose circuit breaker for an endpoint is open or half-open.',
    labelNames: ['endpoint'],
    registers,
  });
  const failovers = new Counter({
    name: 'parley_worker_failovers_total',
    help: 'Calls served by an endpoint other than the first, by kind.',
    labelNames: ['kind'],
    registers,
  });
  return {
    endpointCalled: (endpoint, kind, outcome) => calls.inc({ endpoint, kind, outcome }),
    endpointAnswered: (endpoint, durationMs) => answers.observe({ endpoint }, durationMs / 1000),
    endpointPassedOver: (endpoint, reason) => passedOver.inc({ endpoint, reason }),
    circuitChanged: (endpoint, position) => openCircuits.set({ endpoint }, position === 'closed' ? 0 : 1),
    failedOver: (kind) => failovers.inc({ kind }),
  };
}
