import { collectDefaultMetrics, Registry } from 'prom-client';

/** Holds the metrics of one process or one thread, and prints them in the text format of Prometheus. */
export type MetricsRegistry = Registry;

/** For a thread: empty, since what Node.js says of a process must not be counted once a thread. */
export function createThreadRegistry(): MetricsRegistry {
  return new Registry();
}

/** For a process: it holds what Node.js says of itself (CPU, memory, event loop, garbage collection). */
export function createProcessRegistry(): MetricsRegistry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
