import { collectDefaultMetrics, Registry } from 'prom-client';

/** The metrics of one process or thread, printed in the text format of Prometheus. */
export type MetricsRegistry = Registry;

/**
 * Creates an empty registry for a thread. The metrics of Node.js belong to the process and must not be counted once per
 * thread.
 */
export function createThreadRegistry(): MetricsRegistry {
  return new Registry();
}

/** Creates a registry for a process, with the metrics of Node.js (CPU, memory, event loop, garbage collection). */
export function createProcessRegistry(): MetricsRegistry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
