import { AggregatorRegistry } from 'prom-client';
import type { MetricsRegistry } from './metrics-registry.ts';

/** A snapshot of one registry, as returned by `getMetricsAsJSON`; it can be sent between threads. */
export type MetricsSnapshot = Awaited<ReturnType<MetricsRegistry['getMetricsAsJSON']>>;

/** Merges the snapshots of a process and its threads; counters and histograms of the same name are summed. */
export function mergeMetrics(snapshots: readonly MetricsSnapshot[]): MetricsRegistry {
  return AggregatorRegistry.aggregate([...snapshots]);
}
