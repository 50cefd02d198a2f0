import { formatDuration } from './format.ts';
import type { EdgeRow, EndpointRow, Finding, QueueRow, Severity, SystemState, WorkerRow } from './overview.ts';
import { isReporting, reportedStatuses } from './reporting.ts';

/** A speaker says a few words in this time, so captions that wait longer visibly lag. */
const lateAfterMs = 2000;
/** Long finals are read afterwards, and each takes seconds. */
const longFinalLateAfterMs = 30_000;
/** Nobody takes jobs any more. */
const stuckAfterMs = 60_000;
const lagLimitMs = 3000;
/** Fewer observations, or failures of the cache, in a minute say little. */
const minObservations = 10;
const errorShareLimit = 0.2;
/** One restart may be by chance. */
const restartLimit = 2;

/** Finds what is not well, the worst first. */
export function findTroubles(state: SystemState): Finding[] {
  if (state.redis !== 'ok') return [finding('down', 'Redis', state.redis)];
  const findings = [
    ...findInProcesses(state),
    ...state.workers.flatMap(findInWorker),
    ...state.queues.flatMap(findInQueue),
    ...findInEndpoints(state.endpoints),
    ...state.edges.flatMap(findInEdge),
    ...findInSessions(state.edges),
    ...findInCache(state.calls.cacheFailures),
  ];
  const isDown = ({ severity }: Finding): boolean => severity === 'down';
  return [...findings.filter(isDown), ...findings.filter((each) => !isDown(each))];
}

function finding(severity: Severity, where: string, what: string): Finding {
  return { severity, where, what };
}

function findInProcesses({ edges, workers, unreadable }: SystemState): Finding[] {
  const findings = [
    ...findInKind('edges', edges, 'clients cannot connect'),
    ...findInKind('workers', workers, 'nothing is translated'),
  ];
  if (unreadable > 0) {
    findings.push(finding('degraded', 'processes', `${unreadable} report in the format of another version`));
  }
  const reporting = reportedStatuses(workers);
  const answers = reporting.some(({ threads }) => threads.some((thread) => thread.answers));
  if (reporting.length > 0 && !answers) findings.push(finding('down', 'workers', 'no thread answers'));
  return findings;
}

function findInKind(where: string, rows: readonly (EdgeRow | WorkerRow)[], consequence: string): Finding[] {
  const reporting = rows.filter(isReporting).length;
  const missing = rows.filter(({ state }) => state === 'missing');
  const expected = reporting + missing.length;
  const findings = missing.map(({ name, ageMs }) =>
    finding(
      'degraded',
      name,
      `has not reported for ${formatDuration(ageMs)}; ${reporting} of ${expected} ${where} ${reporting === 1 ? 'reports' : 'report'}`,
    ),
  );
  if (reporting === 0) findings.unshift(finding('down', where, `none reports: ${consequence}`));
  const replaced = Map.groupBy(
    rows.filter(({ state }) => state === 'replaced'),
    ({ host }) => host,
  );
  for (const [host, { length }] of replaced) {
    if (length < restartLimit) continue;
    findings.push(
      finding('degraded', `${where} on ${host}`, `ended without a word ${length} times within five minutes`),
    );
  }
  return findings;
}

function findInWorker(row: WorkerRow): Finding[] {
  if (!isReporting(row)) return [];
  const { name, status } = row;
  const { configuredThreads, threads, finals } = status;
  const answering = threads.filter(({ answers }) => answers).length;
  const findings: Finding[] = [];
  if (answering < configuredThreads) {
    const verb = answering === 1 ? 'answers' : 'answer';
    findings.push(finding('degraded', name, `${answering} of ${configuredThreads} threads ${verb}`));
  }
  if (finals.failed > 0) {
    findings.push(finding('degraded', name, `${finals.failed} finals could not be translated in the last minute`));
  }
  return findings;
}

/** Whether jobs of a queue wait for too long: the one to be taken next does. */
export function isLate({ queue, nextJobAgeMs }: QueueRow): boolean {
  return nextJobAgeMs > (queue === 'long-final' ? longFinalLateAfterMs : lateAfterMs);
}

function findInQueue(row: QueueRow): Finding[] {
  if (!isLate(row)) return [];
  const { queue, nextJobAgeMs } = row;
  const isStuck = queue !== 'long-final' && nextJobAgeMs > stuckAfterMs;
  const what = `the next job has waited for ${formatDuration(nextJobAgeMs)}`;
  return [finding(isStuck ? 'down' : 'degraded', `queue ${queue}`, what)];
}

function findInEndpoints(endpoints: readonly EndpointRow[]): Finding[] {
  const findings = endpoints.flatMap(findInEndpoint);
  if (endpoints.length > 0 && endpoints.every(isUnusable)) {
    findings.unshift(finding('down', 'engine', 'no endpoint can be used'));
  }
  return findings;
}

function isUnusable({ trouble, usableThreads }: EndpointRow): boolean {
  return trouble !== undefined && usableThreads === 0;
}

/** Why an endpoint can't be used, and in how many threads it can; `undefined`: in all, as far as known. */
export function troubleOf(row: EndpointRow): string | undefined {
  const { trouble, threads, usableThreads } = row;
  if (trouble === undefined || isUnusable(row)) return trouble;
  return `usable in ${usableThreads} of ${threads} threads: ${trouble}`;
}

function findInEndpoint(row: EndpointRow): Finding[] {
  const { endpoint, openCircuits, threads, calls, errors, pauses, fallbackThreads } = row;
  const trouble = troubleOf(row);
  const findings: Finding[] = [];
  const add = (what: string): void => void findings.push(finding('degraded', `endpoint ${endpoint}`, what));
  if (trouble !== undefined) add(trouble);
  else if (openCircuits > 0) add(`its circuit breaker is open in ${openCircuits} of ${threads} threads`);
  if (calls >= minObservations && errors / calls > errorShareLimit) {
    add(`${errors} of ${calls} calls failed in the last minute`);
  }
  if (pauses > 0) add(`rejected ${pauses} calls with 429 in the last minute`);
  if (fallbackThreads > 0) add(`${fallbackThreads} threads can't reach its rate limit in Redis and use a share of it`);
  return findings;
}

function findInEdge(row: EdgeRow): Finding[] {
  if (!isReporting(row)) return [];
  const { name, status } = row;
  return (['final', 'partial'] as const).flatMap((kind) => {
    const { count, p95Ms = 0 } = status.latency[kind];
    if (count < minObservations || p95Ms <= lagLimitMs) return [];
    return [finding('degraded', name, `5% of the ${kind}s of the last minute took more than ${formatDuration(p95Ms)}`)];
  });
}

function findInSessions(edges: readonly EdgeRow[]): Finding[] {
  const reasons = new Map<string, number>();
  for (const { degraded } of reportedStatuses(edges)) {
    for (const { reason, sessions } of degraded) reasons.set(reason, (reasons.get(reason) ?? 0) + sessions);
  }
  return [...reasons].map(([reason, sessions]) => finding('degraded', 'sessions', `${sessions} ${reason}`));
}

function findInCache(failures: number): Finding[] {
  if (failures < minObservations) return [];
  return [finding('degraded', 'cache', `${failures} commands failed in the last minute; calls were made without it`)];
}
