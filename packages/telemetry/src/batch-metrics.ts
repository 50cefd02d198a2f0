import { Counter } from 'prom-client';
import type { MetricsRegistry } from './metrics-registry.ts';

/** `answered`: all texts were translated; `fell-apart`: the reply could not be split; `failed`: no reply. */
type BatchOutcome = 'answered' | 'fell-apart' | 'failed';

/** Metrics of requests that combine several finals, for one consumer. */
export interface BatchMetrics {
  batched(texts: number, outcome: BatchOutcome): void;
}

/** Creates the metrics in a registry that does not contain them yet. */
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
