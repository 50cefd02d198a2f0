import { Counter } from 'prom-client';
import type { MetricsRegistry } from './metrics-registry.ts';

/** `answered`: every text got its translation; `fell-apart`: the answer could not be used; `failed`: there was none. */
type BatchOutcome = 'answered' | 'fell-apart' | 'failed';

/** What one consumer counts of requests that finals share. */
export interface BatchMetrics {
  batched(texts: number, outcome: BatchOutcome): void;
}

/** Adds them to a registry, which must not hold them yet. */
export function createBatchMetrics(registry: MetricsRegistry): BatchMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: 'parley_worker_batches_total',
    help: 'Requests that finals shared, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const texts = new Counter({
    name: 'parley_worker_batched_texts_total',
    help: 'Finals that shared a request, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  return {
    batched: (count, outcome) => {
      requests.inc({ outcome });
      texts.inc({ outcome }, count);
    },
  };
}
