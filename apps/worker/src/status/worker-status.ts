import { thisProcess, type EndpointStatus, type WorkerStatus } from '@parley/redis/process-status';
import { durationsOf, sumOf, sumsBy, type Sample } from '@parley/telemetry';
import type { EndpointTrouble } from '../engine/engine-health.ts';

const waits = 'parley_worker_queue_wait_seconds';
const engineCalls = 'parley_worker_engine_call_seconds';
const translations = 'parley_worker_translations_total';
const saved = 'parley_worker_calls_saved_total';
const cacheFailures = 'parley_worker_cache_failures_total';
const callLimit = 'parley_worker_partial_call_limit';
const endpointCalls = 'parley_worker_endpoint_calls_total';
const endpointAnswers = 'parley_worker_endpoint_answer_seconds';
const openCircuits = 'parley_worker_endpoint_circuits_open';
const headroom = 'parley_worker_limit_headroom_ratio';
const pauses = 'parley_worker_limit_pauses_total';
const fallbackThreads = 'parley_worker_limit_fallback_threads';

/** The metrics of which the status has the growth within the last minute. */
export const observedCounters = [
  waits,
  engineCalls,
  translations,
  saved,
  cacheFailures,
  endpointCalls,
  endpointAnswers,
  pauses,
];
/** The metrics of which it has the present value. */
export const observedGauges: ReadonlySet<string> = new Set([callLimit, openCircuits, headroom, fallbackThreads]);

/** Outcomes of a call that are failures of the endpoint; the others are its answers, or it was not called. */
const errorOutcomes: ReadonlySet<string> = new Set(['unavailable', 'timeout', 'bad-reply', 'rejected', 'defect']);
const maxEndpoints = 50;
const maxTroubleChars = 300;

interface ThreadState {
  readonly thread: number;
  readonly answers: boolean;
  readonly gauges: readonly Sample[];
  readonly growth: readonly Sample[];
}

interface WorkerState {
  readonly configuredThreads: number;
  readonly replacedThreads: number;
  readonly threads: readonly ThreadState[];
  /** Why endpoints can't be used, and in which threads. */
  readonly troubles: ReadonlyMap<string, EndpointTrouble>;
}

/** Summarizes a worker. */
export function workerStatus({ configuredThreads, replacedThreads, threads, troubles }: WorkerState): WorkerStatus {
  const growth = threads.flatMap((thread) => thread.growth);
  const finalsWith = (outcome: string): number => sumOf(growth, translations, { kind: 'final', outcome });
  const savedBy = (by: string): number => sumOf(growth, saved, { by });
  return {
    ...thisProcess(),
    kind: 'worker',
    configuredThreads,
    replacedThreads,
    threads: threads.map(({ thread, answers, gauges, growth }) => ({
      thread,
      answers,
      calls: sumOf(growth, `${engineCalls}_count`),
      callLimit: sumOf(gauges, callLimit),
    })),
    queueWait: {
      partial: durationsOf(growth, waits, { kind: 'partial' }),
      final: durationsOf(growth, waits, { kind: 'final' }),
    },
    finals: {
      translated: ['translated', 'suspect', 'joined', 'cached'].reduce((sum, outcome) => sum + finalsWith(outcome), 0),
      failed: finalsWith('failed'),
    },
    endpoints: endpointStatuses(threads, troubles),
    calls: {
      made: sumOf(growth, `${engineCalls}_count`),
      memory: savedBy('memory'),
      cache: savedBy('cache'),
      joinedHere: savedBy('joined-here'),
      joinedElsewhere: savedBy('joined-elsewhere'),
    },
    cacheFailures: sumOf(growth, cacheFailures),
  };
}

function endpointStatuses(threads: readonly ThreadState[], troubles: WorkerState['troubles']): EndpointStatus[] {
  const growth = threads.flatMap((thread) => thread.growth);
  const gauges = threads.flatMap((thread) => thread.gauges);
  const answering = threads.filter(({ answers }) => answers);
  // Every endpoint has a circuit from the start.
  const names = new Set([...sumsBy(gauges, openCircuits, 'endpoint').keys(), ...troubles.keys()]);
  return [...names].slice(0, maxEndpoints).map((endpoint) => {
    const outcomes = sumsBy(
      growth.filter(({ labels }) => labels['endpoint'] === endpoint),
      endpointCalls,
      'outcome',
    );
    const errors = [...outcomes].filter(([outcome]) => errorOutcomes.has(outcome));
    const shares = gauges
      .filter(({ name, labels }) => name === headroom && labels['endpoint'] === endpoint)
      .map(({ value }) => Math.min(1, Math.max(0, value)));
    const trouble = troubles.get(endpoint);
    return {
      endpoint,
      calls: sumOf(growth, endpointCalls, { endpoint }) - (outcomes.get('no-permit') ?? 0),
      errors: errors.reduce((sum, [, calls]) => sum + calls, 0),
      answer: durationsOf(growth, endpointAnswers, { endpoint }),
      openCircuits: sumOf(gauges, openCircuits, { endpoint }),
      // All threads report the same limit; the lowest value is the most recent.
      ...(shares.length === 0 ? {} : { headroom: Math.min(...shares) }),
      fallbackThreads: sumOf(gauges, fallbackThreads, { endpoint }),
      pauses: sumOf(growth, pauses, { endpoint }),
      ...(trouble === undefined ? {} : { trouble: trouble.why.slice(0, maxTroubleChars) }),
      usableThreads: answering.filter(({ thread }) => trouble?.consumers.includes(thread) !== true).length,
    };
  });
}
