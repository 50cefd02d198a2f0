import type { DegradedReason, ErrorCode, StabilitySetting } from '@parley/protocol';
import { Counter, Gauge, Histogram } from 'prom-client';
import { aheadBucketsSeconds, latencyBucketsSeconds, waitBucketsSeconds } from './buckets.ts';
import { createCaptionHistograms, type CaptionMeasures } from './caption-histograms.ts';
import type { MetricsRegistry, TranslationKind } from './metrics-registry.ts';

/** The codes with which a final may fail. */
const failureCodes = [
  'engine-unavailable',
  'engine-timeout',
  'engine-rate-limited',
  'engine-rejected',
  'engine-bad-reply',
  'engine-cancelled',
  'language-unsupported',
  'over-budget',
  'internal',
] as const satisfies readonly ErrorCode[];

/** The reasons for which single calls are not made; `overloaded` has no call. */
const callDegradations = ['rate-limited', 'engine-down', 'over-budget'] as const satisfies readonly DegradedReason[];

/**
 * `translated`: by the engine; `suspect`: by the engine, and shown with that flag; `joined`: from the call of another
 * job for the same text; `cached`: without a call; `cancelled`: aborted because the result is no
 * longer needed; `dropped`: a partial that could not be sent at this moment.
 */
export type TranslationOutcome = 'translated' | 'suspect' | 'joined' | 'cached' | 'cancelled' | 'dropped';

/**
 * How a worker learned that a result is no longer needed: from a message on the session's work channel or from the
 * renewal of its lease.
 */
export type CancelledBy = 'message' | 'renewal';

export type RefusedCommit = 'overtaken' | 'unwanted' | 'closed' | 'fenced';

/**
 * Why an engine call was not needed: the translation was in the thread's memory or the shared cache, or a call in
 * progress in the same thread or another one was joined.
 */
export type SavedBy = 'memory' | 'cache' | 'joined-here' | 'joined-elsewhere';

/**
 * The result of looking up a partial in the shared cache: a `cached` translation, a call in progress (`joined`),
 * `none`, or `failed`; `skipped` if lookups of this tenant seldom succeed.
 */
export type PartialLookUp = 'cached' | 'joined' | 'none' | 'skipped' | 'failed';

/** Metrics of one queue consumer: a thread of a worker, or its main thread. */
export interface WorkerMetrics {
  /** Time from the arrival of a transcript at the edge until a worker started on it. */
  jobWaited(kind: TranslationKind, waitMs: number): void;
  /** An engine call ended, with or without success. */
  engineCalled(kind: TranslationKind, durationMs: number): void;
  translationEnded(kind: TranslationKind, outcome: TranslationOutcome): void;
  /** A final was given up: a translation that ended as `failed`. */
  finalFailed(code: ErrorCode): void;
  /** A call was not made or has to wait, for a reason of which the session is notified. */
  callDegraded(kind: TranslationKind, reason: DegradedReason): void;
  /** Calls for partials were cancelled. */
  callsCancelled(by: CancelledBy, count: number): void;
  /** A partial's result was not shown. `closed`: its segment is not open; `fenced`: another thread holds it. */
  commitRefused(reason: RefusedCommit): void;
  /** Partials, counted per target, were replaced by a newer one before their engine call started. */
  partialsSuperseded(count: number): void;
  /** An engine call was not needed. */
  callSaved(kind: TranslationKind, by: SavedBy): void;
  /** A partial's translation was not in the thread's memory. */
  partialLookedUp(result: PartialLookUp): void;
  /** Sets how many calls for partials this thread may have in progress. */
  partialCallLimited(calls: number): void;
  /**
   * The final of a segment and target was translated. Only for segments that had translated partials: the others have no
   * caption to measure.
   *
   * @param setting the session's setting at that time
   */
  captionMeasured(setting: StabilitySetting, measures: CaptionMeasures): void;
  /** The beginning of a partial's translation was shown while the reply was streamed. */
  earlyUpdateShown(): void;
  /** A reply of which something was shown early is complete. @param aheadMs time since the first early update */
  earlyReplyEnded(aheadMs: number): void;
  /** A command to the cache's Redis failed; work continued without it. */
  cacheFailed(): void;
}

/** Creates the metrics in a registry that does not contain them yet. */
export function createWorkerMetrics(registry: MetricsRegistry): WorkerMetrics {
  const registers = [registry];
  const waits = new Histogram({
    name: 'parley_worker_queue_wait_seconds',
    help: 'Time from the arrival of a transcript at the edge until a worker started on it, by kind.',
    labelNames: ['kind'],
    buckets: waitBucketsSeconds,
    registers,
  });
  const calls = new Histogram({
    name: 'parley_worker_engine_call_seconds',
    help: 'Duration of an engine call, by kind.',
    labelNames: ['kind'],
    buckets: latencyBucketsSeconds,
    registers,
  });
  const translations = new Counter({
    name: 'parley_worker_translations_total',
    help: 'Finished translations, by kind and outcome.',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const failures = new Counter({
    name: 'parley_worker_finals_failed_total',
    help: 'Finals, counted per target, that could not be translated, by error code.',
    labelNames: ['code'],
    registers,
  });
  const degraded = new Counter({
    name: 'parley_worker_degraded_calls_total',
    help: 'Calls that were not made or had to wait, by kind and the reason of which clients are notified.',
    labelNames: ['kind', 'reason'],
    registers,
  });
  // A rate needs a value before the first failure.
  for (const code of failureCodes) failures.inc({ code }, 0);
  for (const reason of callDegradations) for (const kind of ['partial', 'final']) degraded.inc({ kind, reason }, 0);
  const cancels = new Counter({
    name: 'parley_worker_calls_cancelled_total',
    help: 'Calls for partials that were cancelled, by how the worker learned that they are no longer needed.',
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
    help: 'Partials, counted per target, that a newer one replaced before their engine call started.',
    registers,
  });
  const saved = new Counter({
    name: 'parley_worker_calls_saved_total',
    help: 'Engine calls that were not needed, by kind and reason.',
    labelNames: ['kind', 'by'],
    registers,
  });
  const lookUps = new Counter({
    name: 'parley_worker_partial_lookups_total',
    help: 'Lookups of partials in the shared cache, by result.',
    labelNames: ['result'],
    registers,
  });
  const callLimit = new Gauge({
    name: 'parley_worker_partial_call_limit',
    help: "Calls for partials that the worker's threads may have in progress; below PARTIAL_CONCURRENCY while its event loop is saturated, and over HTTP/1.1.",
    registers,
  });
  const earlyUpdates = new Counter({
    name: 'parley_worker_early_updates_total',
    help: "Updates of captions with the beginning of a partial's translation, while its reply was streamed.",
    registers,
  });
  const ahead = new Histogram({
    name: 'parley_worker_early_words_seconds',
    help: "By how much the first new words of a partial's translation were shown before all of it had arrived.",
    buckets: aheadBucketsSeconds,
    registers,
  });
  const cacheFailures = new Counter({
    name: 'parley_worker_cache_failures_total',
    help: "Commands to the cache's Redis that failed or timed out.",
    registers,
  });
  return {
    jobWaited: (kind, waitMs) => waits.observe({ kind }, waitMs / 1000),
    engineCalled: (kind, durationMs) => calls.observe({ kind }, durationMs / 1000),
    translationEnded: (kind, outcome) => translations.inc({ kind, outcome }),
    finalFailed: (code) => {
      translations.inc({ kind: 'final', outcome: 'failed' });
      failures.inc({ code });
    },
    callDegraded: (kind, reason) => degraded.inc({ kind, reason }),
    callsCancelled: (by, count) => cancels.inc({ by }, count),
    commitRefused: (reason) => refused.inc({ reason }),
    partialsSuperseded: (count) => superseded.inc(count),
    callSaved: (kind, by) => saved.inc({ kind, by }),
    partialLookedUp: (result) => lookUps.inc({ result }),
    partialCallLimited: (calls) => callLimit.set(calls),
    captionMeasured: createCaptionHistograms(registry),
    earlyUpdateShown: () => earlyUpdates.inc(),
    earlyReplyEnded: (aheadMs) => ahead.observe(aheadMs / 1000),
    cacheFailed: () => cacheFailures.inc(),
  };
}
