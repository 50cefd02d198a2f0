import { Counter, Gauge } from 'prom-client';
import type { MetricsRegistry } from './metrics-registry.ts';

/** What the local engine has counted since its start. */
export interface LocalEngineCounts {
  readonly completed: number;
  readonly rejected: number;
  readonly failed: number;
  readonly aborted: number;
  /** Requests in progress. */
  readonly concurrent: number;
}

const outcomes = ['completed', 'rejected', 'failed', 'aborted'] as const;

/** Adds the requests of a local engine to a registry. They are read whenever the metrics are scraped. */
export function createLocalEngineMetrics(registry: MetricsRegistry, read: () => LocalEngineCounts): void {
  new Counter({
    name: 'parley_engine_requests_total',
    help: 'Requests for translations, by outcome.',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      const counts = read();
      this.reset();
      for (const outcome of outcomes) this.inc({ outcome }, counts[outcome]);
    },
  });
  new Gauge({
    name: 'parley_engine_requests_in_progress',
    help: 'Requests for translations in progress.',
    registers: [registry],
    collect() {
      this.set(read().concurrent);
    },
  });
}
