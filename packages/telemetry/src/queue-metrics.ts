import { Gauge } from 'prom-client';
import type { MetricsRegistry } from './metrics-registry.ts';
import type { TranslationKind } from './translation-kind.ts';

/** How many jobs of a lane are in a state of the queue, such as `waiting` or `active`. */
export interface QueueDepth {
  readonly lane: TranslationKind;
  readonly state: string;
  readonly jobs: number;
}

/** Reads the depth of every lane; it gives up when the signal aborts. */
export type ReadQueueDepths = (signal: AbortSignal) => Promise<readonly QueueDepth[]>;

/**
 * Adds the depth of the queues to a registry. They are read whenever the metrics are asked for. If they can't be read in
 * time, their series are missing from that page and the rest of it stands.
 */
export function createQueueMetrics(registry: MetricsRegistry, readDepths: ReadQueueDepths, timeoutMs = 1000): void {
  new Gauge({
    name: 'parley_lane_jobs',
    help: 'Jobs in a lane, by lane and state.',
    labelNames: ['lane', 'state'],
    registers: [registry],
    // The queues are shared: two who report them mean the same jobs.
    aggregator: 'max',
    async collect() {
      const depths = await readInTime(readDepths, timeoutMs);
      this.reset();
      for (const { lane, state, jobs } of depths) this.set({ lane, state }, jobs);
    },
  });
}

async function readInTime(readDepths: ReadQueueDepths, timeoutMs: number): Promise<readonly QueueDepth[]> {
  const giveUp = new AbortController();
  const { promise: late, resolve } = Promise.withResolvers<readonly QueueDepth[]>();
  const timer = setTimeout(() => {
    giveUp.abort();
    resolve([]);
  }, timeoutMs);
  try {
    return await Promise.race([readDepths(giveUp.signal), late]);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}
