import { Gauge } from 'prom-client';
import type { MetricsRegistry, TranslationKind } from './metrics-registry.ts';

/** The number of jobs of a queue in one state, such as `waiting` or `active`. */
export interface QueueDepth {
  readonly queue: TranslationKind | 'long-final';
  readonly state: string;
  readonly jobs: number;
}

/** Reads the depth of every queue; stops when the signal aborts. */
export type ReadQueueDepths = (signal: AbortSignal) => Promise<readonly QueueDepth[]>;

/**
 * Adds the depth of the queues to a registry. It is read whenever the metrics are scraped. If that fails or takes
 * longer than `timeoutMs`, only these series are missing from the page.
 */
export function createQueueMetrics(registry: MetricsRegistry, readDepths: ReadQueueDepths, timeoutMs = 1000): void {
  new Gauge({
    name: 'parley_queue_jobs',
    help: 'Jobs in a queue, by queue and state.',
    labelNames: ['queue', 'state'],
    registers: [registry],
    // All processes report the same shared queues.
    aggregator: 'max',
    async collect() {
      const depths = await readWithin(readDepths, timeoutMs);
      this.reset();
      for (const { queue, state, jobs } of depths) this.set({ queue, state }, jobs);
    },
  });
}

async function readWithin(readDepths: ReadQueueDepths, timeoutMs: number): Promise<readonly QueueDepth[]> {
  const controller = new AbortController();
  const { promise: timedOut, resolve } = Promise.withResolvers<readonly QueueDepth[]>();
  const timer = setTimeout(() => {
    controller.abort();
    resolve([]);
  }, timeoutMs);
  try {
    return await Promise.race([readDepths(controller.signal), timedOut]);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}
