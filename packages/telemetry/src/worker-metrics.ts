import { Counter, Histogram } from 'prom-client';
import { latencyBucketsSeconds, waitBucketsSeconds } from './buckets.ts';
import type { MetricsRegistry } from './metrics-registry.ts';
import type { TranslationKind } from './translation-kind.ts';

/**
 * `translated`: by the engine; `suspect`: by the engine, and shown with that mark; `joined`: by the call of another job for the same text; `cached`: without a call; `failed`:
 * given up; `cancelled`: aborted at the engine, since nobody wants it any more; `dropped`: a partial that could not be
 * sent now.
 */
export type TranslationOutcome = 'translated' | 'suspect' | 'joined' | 'cached' | 'failed' | 'cancelled' | 'dropped';

/** How a worker learnt that nobody wants a call's result: by a message on the session's channel, or when it asked Redis. */
export type CancelledBy = 'message' | 'renewal';

/** Why a partial's result was not shown. */
export type RefusedCommit = 'overtaken' | 'unwanted' | 'closed' | 'fenced';

/**
 * What spared a call of the engine: a translation in the thread's memory or in the cache of all workers, or a call under
 * way in the same thread or elsewhere.
 */
export type SavedBy = 'memory' | 'cache' | 'joined-here' | 'joined-elsewhere';

/**
 * What looking a partial up among the translations of all workers found: a `cached` translation, a call under way
 * (`joined`), or nothing; or why it was `skipped`, since it seldom finds something, or `failed`.
 */
export type PartialLookUp = 'cached' | 'joined' | 'none' | 'skipped' | 'failed';

/** What one consumer of the queues counts: a thread of a worker, or its main thread. */
export interface WorkerMetrics {
  /** From a transcript's arrival at the edge to a worker's taking it. */
  jobWaited(kind: TranslationKind, waitMs: number): void;
  /** One call of the engine, whatever came of it. */
  engineCalled(kind: TranslationKind, durationMs: number): void;
  translationEnded(kind: TranslationKind, outcome: TranslationOutcome): void;
  /** A call on a partial was to be aborted. */
  callsCancelled(by: CancelledBy, count: number): void;
  /**
   * A partial's result was not shown. `closed`: its segment is open no more; `fenced`: another thread holds the segment.
   */
  commitRefused(reason: RefusedCommit): void;
  /** Partials, counted for each target, were replaced by a newer one before a call was begun for them. */
  partialsSuperseded(count: number): void;
  /** A call was not made, because its result was there or on its way. */
  callSaved(kind: TranslationKind, by: SavedBy): void;
  /** A partial needed a translation that its thread doesn't have. */
  partialLookedUp(result: PartialLookUp): void;
  /** The Redis of the cache did not answer: work went on without it. */
  cacheFailed(): void;
}

/** Adds a consumer's metrics to a registry, which must not hold them yet. */
export function createWorkerMetrics(registry: MetricsRegistry): WorkerMetrics {
  const registers = [registry];
  const waits = new Histogram({
    name: 'parley_worker_queue_wait_seconds',
    help: "From a transcript's arrival at the edge to a worker's taking it, by kind.",
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
  const cancels = new Counter({
    name: 'parley_worker_calls_cancelled_total',
    help: 'Calls on partials that nobody wants any more, by how the worker learnt it.',
    labelNames: ['by'],
    registers,
  });
  const refused = new Counter({
    name: 'parley_worker_commits_refused_total',
    help: 'Partial results that were not shown, by reason.',
    labelNames: ['reason'],
    registers,
  });
  const superseded = new Counter({
    name: 'parley_worker_partials_superseded_total',
    help: 'Partials, counted for each target, that a newer one replaced before a call was begun for them.',
    registers,
  });
  const saved = new Counter({
    name: 'parley_worker_calls_saved_total',
    help: 'Calls of the engine that were not made, by kind and by what spared them.',
    labelNames: ['kind', 'by'],
    registers,
  });
  const lookUps = new Counter({
    name: 'parley_worker_partial_lookups_total',
    help: 'Partials that were looked up among the translations of all workers, or skipped, by what that found.',
    labelNames: ['result'],
    registers,
  });
  const cacheFailures = new Counter({
    name: 'parley_worker_cache_failures_total',
    help: 'Commands to the Redis of the cache that failed or were not answered in time.',
    registers,
  });
  return {
    jobWaited: (kind, waitMs) => waits.observe({ kind }, waitMs / 1000),
    engineCalled: (kind, durationMs) => calls.observe({ kind }, durationMs / 1000),
    translationEnded: (kind, outcome) => translations.inc({ kind, outcome }),
    callsCancelled: (by, count) => cancels.inc({ by }, count),
    commitRefused: (reason) => refused.inc({ reason }),
    partialsSuperseded: (count) => superseded.inc(count),
    callSaved: (kind, by) => saved.inc({ kind, by }),
    partialLookedUp: (result) => lookUps.inc({ result }),
    cacheFailed: () => cacheFailures.inc(),
  };
}
