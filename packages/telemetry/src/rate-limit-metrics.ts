import { Counter, Gauge } from 'prom-client';
import type { MetricsRegistry, TranslationKind } from './metrics-registry.ts';

/** The result of acquiring a rate-limit permit; see `parley_worker_limit_calls_total` in docs/metrics.md. */
export type PermitResult = 'granted' | 'paced' | 'no-capacity' | 'paused';

/** Metrics of the endpoints' rate limits, for one consumer. */
export interface RateLimitMetrics {
  asked(endpoint: string, kind: TranslationKind, result: PermitResult): void;
  /** The endpoint rejected a call with 429. */
  paused(endpoint: string): void;
  /** The unused share of the rate limit, from 0 to 1. */
  headroom(endpoint: string, share: number): void;
  /** Whether this thread uses its local fallback limiter because Redis is unreachable. */
  localFallback(endpoint: string, isActive: boolean): void;
}

/** Creates the metrics in a registry that does not contain them yet. */
export function createRateLimitMetrics(registry: MetricsRegistry): RateLimitMetrics {
  const registers = [registry];
  const calls = new Counter({
    name: 'parley_worker_limit_calls_total',
    help: "Calls that requested a permit under an endpoint's rate limit, by kind and result.",
    labelNames: ['endpoint', 'kind', 'result'],
    registers,
  });
  const pauses = new Counter({
    name: 'parley_worker_limit_pauses_total',
    help: 'Calls that an endpoint rejected with 429; each pauses all workers.',
    labelNames: ['endpoint'],
    registers,
  });
  const headroom = new Gauge({
    name: 'parley_worker_limit_headroom_ratio',
    help: "Unused share of an endpoint's rate limit over about the last ten seconds.",
    labelNames: ['endpoint'],
    registers,
    // All threads report the same limit; on a busy endpoint the lowest value is the most recent.
    aggregator: 'min',
  });
  const fallback = new Gauge({
    name: 'parley_worker_limit_fallback_threads',
    help: 'Threads that use their local fallback limiter because Redis is unreachable.',
    labelNames: ['endpoint'],
    registers,
  });
  return {
    asked: (endpoint, kind, result) => calls.inc({ endpoint, kind, result }),
    paused: (endpoint) => pauses.inc({ endpoint }),
    headroom: (endpoint, share) => headroom.set({ endpoint }, share),
    localFallback: (endpoint, isActive) => fallback.set({ endpoint }, isActive ? 1 : 0),
  };
}
