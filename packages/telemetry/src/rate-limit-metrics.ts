import { Counter, Gauge } from 'prom-client';
import type { MetricsRegistry } from './metrics-registry.ts';
import type { TranslationKind } from './translation-kind.ts';

/** What a call's asking for room gave; see `parley_worker_limit_calls_total` in docs/metrics.md. */
export type RoomResult = 'granted' | 'paced' | 'no-room' | 'paused';

/** What one consumer counts of the rate limits of its endpoints. */
export interface RateLimitMetrics {
  asked(endpoint: string, kind: TranslationKind, result: RoomResult): void;
  /** The endpoint refused a call for its rate. */
  paused(endpoint: string): void;
  /** The share of the allowance that was not used lately, from 0 to 1. */
  unused(endpoint: string, share: number): void;
  /** Whether this thread counts alone, because Redis doesn't answer. */
  alone(endpoint: string, isAlone: boolean): void;
}

/** Adds them to a registry, which must not hold them yet. */
export function createRateLimitMetrics(registry: MetricsRegistry): RateLimitMetrics {
  const registers = [registry];
  const calls = new Counter({
    name: 'parley_worker_limit_calls_total',
    help: "Calls that asked for room under an endpoint's rate limit, by endpoint, kind and result.",
    labelNames: ['endpoint', 'kind', 'result'],
    registers,
  });
  const pauses = new Counter({
    name: 'parley_worker_limit_pauses_total',
    help: 'Calls that an endpoint refused for their rate, each of which pauses all workers.',
    labelNames: ['endpoint'],
    registers,
  });
  const unused = new Gauge({
    name: 'parley_worker_limit_unused_ratio',
    help: "Share of an endpoint's allowance that was not used in the last ten seconds or so.",
    labelNames: ['endpoint'],
    registers,
    // All threads look at the same allowance, and the least of what they say is the newest of a busy one.
    aggregator: 'min',
  });
  const alone = new Gauge({
    name: 'parley_worker_limit_alone_threads',
    help: "Threads that keep to their part of an endpoint's limit by themselves, because Redis doesn't answer.",
    labelNames: ['endpoint'],
    registers,
  });
  return {
    asked: (endpoint, kind, result) => calls.inc({ endpoint, kind, result }),
    paused: (endpoint) => pauses.inc({ endpoint }),
    unused: (endpoint, share) => unused.set({ endpoint }, share),
    alone: (endpoint, isAlone) => alone.set({ endpoint }, isAlone ? 1 : 0),
  };
}
