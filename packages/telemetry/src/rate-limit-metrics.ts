import { Counter, Gauge } from 'prom-client';
import type { MetricsRegistry } from './metrics-registry.ts';
import type { TranslationKind } from './translation-kind.ts';

/** What a call's asking for room gave; see `parley_worker_limit_calls_total` in docs/metrics.md. */
export type RoomResult = 'granted' | 'paced' | 'no-room' | 'paused';

/** What one consumer counts of the rate limits of its engines. */
export interface RateLimitMetrics {
  asked(engine: string, kind: TranslationKind, result: RoomResult): void;
  /** The engine refused a call for its rate. */
  paused(engine: string): void;
  /** The share of the allowance that was not used lately, from 0 to 1. */
  unused(engine: string, share: number): void;
  /** Whether this thread counts alone, because Redis doesn't answer. */
  alone(engine: string, isAlone: boolean): void;
}

/** Adds them to a registry, which must not hold them yet. */
export function createRateLimitMetrics(registry: MetricsRegistry): RateLimitMetrics {
  const registers = [registry];
  const calls = new Counter({
    name: 'parley_worker_limit_calls_total',
    help: "Calls that asked for room under an engine's rate limit, by engine, kind and result.",
    labelNames: ['engine', 'kind', 'result'],
    registers,
  });
  const pauses = new Counter({
    name: 'parley_worker_limit_pauses_total',
    help: 'Calls that an engine refused for their rate, each of which pauses all workers.',
    labelNames: ['engine'],
    registers,
  });
  const unused = new Gauge({
    name: 'parley_worker_limit_unused_ratio',
    help: "Share of an engine's allowance that was not used in the last ten seconds or so.",
    labelNames: ['engine'],
    registers,
    // All threads look at the same allowance, and the least of what they say is the newest of a busy one.
    aggregator: 'min',
  });
  const alone = new Gauge({
    name: 'parley_worker_limit_alone_threads',
    help: "Threads that keep to their part of an engine's limit by themselves, because Redis doesn't answer.",
    labelNames: ['engine'],
    registers,
  });
  return {
    asked: (engine, kind, result) => calls.inc({ engine, kind, result }),
    paused: (engine) => pauses.inc({ engine }),
    unused: (engine, share) => unused.set({ engine }, share),
    alone: (engine, isAlone) => alone.set({ engine }, isAlone ? 1 : 0),
  };
}
