import { Gauge } from 'prom-client';
import type { MetricsRegistry, TranslationKind } from './metrics-registry.ts';

type QueueLabel = TranslationKind | 'long-final';

/** The number of jobs of a queue in one state, such as `waiting` or `active`. */
export interface QueueDepth {
  readonly queue: QueueLabel;
  readonly state: string;
  readonly jobs: number;
}

/** The age of the oldest job of a queue that a worker could take now; 0 if there is none. */
export interface QueueAge {
  readonly queue: QueueLabel;
  readonly ageMs: number;
}

type ReadAll<Value> = (signal: AbortSignal) => Promise<readonly Value[]>;

/** Reads the depth of every queue; stops when the signal aborts. */
export type ReadQueueDepths = ReadAll<QueueDepth>;

/** Reads the age of every queue's oldest job; stops when the signal aborts. */
export type ReadQueueAges = ReadAll<QueueAge>;

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

/** Adds the age of the oldest jobs to a registry, in the same way. */
export function createQueueAgeMetric(registry: MetricsRegistry, readAges: ReadQueueAges, timeoutMs = 1000): void {
  new Gauge({
    name: 'parley_queue_oldest_age_seconds',
    help: 'Age of the oldest job of a queue that a worker could take now; 0 if there is none.',
    labelNames: ['queue'],
    registers: [registry],
    aggregator: 'max',
    async collect() {
      const ages = await readWithin(readAges, timeoutMs);
      this.reset();
      for (const { queue, ageMs } of ages) this.set({ queue }, ageMs / 1000);
    },
  });
}

async function readWithin<Value>(read: ReadAll<Value>, timeoutMs: number): Promise<readonly Value[]> {
  const controller = new AbortController();
  const { promise: timedOut, resolve } = Promise.withResolvers<readonly Value[]>();
  const timer = setTimeout(() => {
    controller.abort();
    resolve([]);
  }, timeoutMs);
  try {
    return await Promise.race([read(controller.signal), timedOut]);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}
