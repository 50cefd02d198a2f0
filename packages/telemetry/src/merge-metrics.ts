import { AggregatorRegistry } from 'prom-client';
import type { MetricsRegistry } from './metrics-registry.ts';

/** The metrics of one registry at one moment, as `getMetricsAsJSON` gives them; a message between threads may carry it. */
export type MetricsSnapshot = Awaited<ReturnType<MetricsRegistry['getMetricsAsJSON']>>;

/** One registry out of several, those of a process and its threads: counters and histograms of the same name are added up. */
export function mergeMetrics(snapshots: readonly MetricsSnapshot[]): MetricsRegistry {
  return AggregatorRegistry.aggregate([...snapshots]);
}
