import { AggregatorRegistry, collectDefaultMetrics, Registry } from 'prom-client';

/** Whether a translation is of a partial transcript, which may still change, or of a final one. */
export type TranslationKind = 'partial' | 'final';

/** The metrics of one process or thread, printed in the text format of Prometheus. */
export type MetricsRegistry = Registry;

/** Creates an empty registry for a thread; the metrics of Node.js must be counted once per process. */
export function createThreadRegistry(): MetricsRegistry {
  return new Registry();
}

/** Creates a registry for a process, with the metrics of Node.js (CPU, memory, event loop, garbage collection). */
export function createProcessRegistry(): MetricsRegistry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** A snapshot of one registry, as returned by `getMetricsAsJSON`; it can be sent between threads. */
export type MetricsSnapshot = Awaited<ReturnType<MetricsRegistry['getMetricsAsJSON']>>;

/** Merges the snapshots of a process and its threads; counters and histograms of the same name are summed. */
export function mergeMetrics(snapshots: readonly MetricsSnapshot[]): MetricsRegistry {
  return AggregatorRegistry.aggregate([...snapshots]);
}
