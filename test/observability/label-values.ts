import { errorCodes, type DegradedReason } from '@parley/protocol';
import { queueKinds, type JobCounts } from '@parley/queues';
import type { EdgeMetrics, TranslationKind, WebhookMetrics } from '@parley/telemetry';

/** Does not compile if it lacks a value of a type, or has another one. */
type AllOf<Value extends string> = Readonly<Record<Value, true>>;

const kinds = { partial: true, final: true } satisfies AllOf<TranslationKind>;

const degradedReasons = {
  'rate-limited': true,
  'engine-down': true,
  overloaded: true,
  'over-budget': true,
} satisfies AllOf<DegradedReason>;

const partialDecisions = {
  sent: true,
  debounced: true,
  due: true,
  same: true,
} satisfies AllOf<Parameters<EdgeMetrics['partialJudged']>[0]>;

const jobStates = {
  waiting: true,
  prioritized: true,
  delayed: true,
  active: true,
  failed: true,
} satisfies AllOf<keyof JobCounts>;

const webhookOutcomes = { delivered: true, failed: true } satisfies AllOf<Exclude<keyof WebhookMetrics, 'givenUp'>>;

/** The values of labels that rules and dashboards name, by `METRIC LABEL`. */
export const labelValues: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['parley_edge_partials_judged_total decision', Object.keys(partialDecisions)],
  ['parley_worker_finals_failed_total code', Object.keys(errorCodes)],
  ['parley_worker_translations_total kind', Object.keys(kinds)],
  ['parley_worker_degraded_calls_total kind', Object.keys(kinds)],
  ['parley_worker_degraded_calls_total reason', Object.keys(degradedReasons)],
  ['parley_worker_queue_wait_seconds kind', Object.keys(kinds)],
  ['parley_worker_webhook_attempts_total outcome', Object.keys(webhookOutcomes)],
  ['parley_queue_jobs state', Object.keys(jobStates)],
  ['parley_queue_oldest_age_seconds queue', queueKinds],
  ['parley_redis_usable process', ['edge', 'worker', 'dashboard']],
]);
