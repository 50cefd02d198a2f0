import { Counter, Histogram } from 'prom-client';
import { latencyBucketsSeconds, waitBucketsSeconds } from './buckets.ts';
import type { MetricsRegistry } from './metrics-registry.ts';
import type { TranslationKind } from './translation-kind.ts';

/** `translated`: by the engine; `cached`: without a call; `failed`: given up; `cancelled`: nobody wants it any more; `dropped`: a partial that could not be sent now. */
export type TranslationOutcome = 'translated' | 'cached' | 'failed' | 'cancelled' | 'dropped';

/** What one consumer of the lanes counts: a thread of a worker, or its main thread. */
export interface WorkerMetrics {
  /** From a job's making to its taking. */
  jobWaited(kind: TranslationKind, waitMs: number): void;
  /** One call of the engine, whatever came of it. */
  engineCalled(kind: TranslationKind, durationMs: number): void;
  translationEnded(kind: TranslationKind, outcome: TranslationOutcome): void;
  /** A result was not shown, because a newer one, or the final, had been. */
  commitRefused(kind: TranslationKind): void;
}

/** Adds a consumer's metrics to a registry, which must not hold them yet. */
export function createWorkerMetrics(registry: MetricsRegistry): WorkerMetrics {
  const registers = [registry];
  const waits = new Histogram({
    name: 'parley_worker_queue_wait_seconds',
    help: "From a job's making to its taking, by kind.",
    labelNames: ['kind'],
    buckets: waitBucketsSeconds,
    registers,
  });
  const calls = new Histogram({
    name: 'parley_worker_engine_call_seconds',
    help: 'Time of one call of the engine, by kind.',
    labelNames: ['kind'],
    buckets: latencyBucketsSeconds,
    registers,
  });
  const translations = new Counter({
    name: 'parley_worker_translations_total',
    help: 'Translations that ended, by kind and outcome.',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const refused = new Counter({
    name: 'parley_worker_commits_refused_total',
    help: 'Results not shown because they had been overtaken, by kind.',
    labelNames: ['kind'],
    registers,
  });
  return {
    jobWaited: (kind, waitMs) => waits.observe({ kind }, waitMs / 1000),
    engineCalled: (kind, durationMs) => calls.observe({ kind }, durationMs / 1000),
    translationEnded: (kind, outcome) => translations.inc({ kind, outcome }),
    commitRefused: (kind) => refused.inc({ kind }),
  };
}
