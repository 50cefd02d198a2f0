import { Counter } from 'prom-client';
import type { MetricsRegistry } from './metrics-registry.ts';

/** `exited`: the thread ended by itself; `stuck`: it took no jobs although some waited. */
export type ThreadRestartReason = 'exited' | 'stuck';

export interface ThreadMetrics {
  restarted(reason: ThreadRestartReason): void;
}

/** Adds the counters of a worker's threads to a registry. */
export function createThreadMetrics(registry: MetricsRegistry): ThreadMetrics {
  const restarts = new Counter({
    name: 'parley_worker_thread_restarts_total',
    help: 'Worker threads that were replaced, by reason.',
    labelNames: ['reason'],
    registers: [registry],
  });
  // A rate needs a value before the first restart.
  for (const reason of ['exited', 'stuck']) restarts.inc({ reason }, 0);
  return { restarted: (reason) => restarts.inc({ reason }) };
}
