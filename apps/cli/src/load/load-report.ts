import { describeViolation, type LatencySamples, type Violation } from '@parley/checker';
import type { LoadSessionReport } from './load-session.ts';
import { percentilesOf, type Percentiles } from './percentiles.ts';
import type { ProcessUsage } from './process-usage.ts';

/** The result of a load run, as printed with `--json`. */
export interface LoadReport {
  readonly sessions: number;
  readonly seconds: number;
  readonly targetLanguages: readonly string[];
  /** Time from sending a revision to receiving its translation, for revisions that were shown. */
  readonly partialMs: Percentiles;
  /** Time from sending a revision to receiving the translation of it or of a newer one. */
  readonly caughtUpMs: Percentiles;
  /** Time from sending a final to receiving its translation. */
  readonly finalMs: Percentiles;
  /** Time that a final spent in the server, from receiving the frame to sending the translation, minus the engine's time. */
  readonly finalAddedMs: Percentiles;
  readonly partialsSent: number;
  readonly partialsShown: number;
  readonly finalsSent: number;
  readonly finalsTranslated: number;
  readonly finalsFailed: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
  readonly violations: readonly (Violation & { readonly session: number })[];
  readonly processes: readonly ProcessUsage[];
}

const maxShownProblems = 20;

/** Combines the reports of all sessions. */
export function createLoadReport(
  sessions: readonly LoadSessionReport[],
  run: Pick<LoadReport, 'seconds' | 'targetLanguages' | 'processes'>,
): LoadReport {
  const histories = sessions.map(({ history }) => history);
  const samples = (name: keyof LatencySamples): Percentiles =>
    percentilesOf(histories.flatMap(({ latency }) => latency[name]));
  const sum = (name: 'partialsSent' | 'partialsShown' | 'finalsSent' | 'finalsTranslated' | 'finalsFailed'): number =>
    histories.reduce((total, { counts }) => total + counts[name], 0);
  const errors: Record<string, number> = {};
  for (const { counts } of histories) {
    for (const [code, count] of counts.errors) errors[code] = (errors[code] ?? 0) + count;
  }
  return {
    sessions: sessions.length,
    ...run,
    partialMs: samples('partialMs'),
    caughtUpMs: samples('caughtUpMs'),
    finalMs: samples('finalMs'),
    finalAddedMs: samples('finalAddedMs'),
    partialsSent: sum('partialsSent'),
    partialsShown: sum('partialsShown'),
    finalsSent: sum('finalsSent'),
    finalsTranslated: sum('finalsTranslated'),
    finalsFailed: sum('finalsFailed'),
    errors,
    failures: sessions.flatMap(({ failure }, index) => (failure === undefined ? [] : [`session ${index}: ${failure}`])),
    violations: histories.flatMap(({ violations }, session) => violations.map((found) => ({ session, ...found }))),
  };
}

/** Whether there were no protocol violations, errors or failed translations. */
export function isClean({ violations, failures, errors, finalsFailed }: LoadReport): boolean {
  return violations.length === 0 && failures.length === 0 && finalsFailed === 0 && Object.keys(errors).length === 0;
}

/** Formats the report as text. */
export function formatLoadReport(report: LoadReport, cores: number): string {
  const { sessions, seconds, targetLanguages, violations, failures } = report;
  const errors = Object.entries(report.errors).map(([code, count]) => `error ${code}: ${count} times`);
  const problems = [...failures, ...violations.map((found) => `session ${found.session}: ${describeViolation(found)}`)];
  const hidden = problems.length - maxShownProblems;
  return [
    `${sessions} sessions, ${seconds.toFixed(0)} s, into ${targetLanguages.join(', ')}`,
    latencyLine('partials', report.partialMs, `${report.partialsShown} shown, ${report.partialsSent} sent`),
    latencyLine('caught up', report.caughtUpMs, 'until each revision or a newer one was shown'),
    latencyLine(
      'finals',
      report.finalMs,
      `${report.finalsTranslated} translated of ${report.finalsSent} sent, ${report.finalsFailed} failed`,
    ),
    latencyLine('added', report.finalAddedMs, "by the server to each final, without the engine's time"),
    ...usageLines(report.processes, cores),
    ...errors,
    violations.length === 0 ? 'nothing lost, duplicated or out of order' : `${violations.length} protocol violations`,
    ...problems.slice(0, maxShownProblems).map((problem) => `  ${problem}`),
    ...(hidden > 0 ? [`  ... and ${hidden} more (--json lists all)`] : []),
  ].join('\n');
}

function latencyLine(name: string, { p50, p95, p99 }: Percentiles, about: string): string {
  const columns = Object.entries({ p50, p95, p99 }).map(([key, value]) => `${key} ${milliseconds(value)}`);
  return `${name.padEnd(10)} ${columns.join('  ')}   (${about})`;
}

function milliseconds(value: number): string {
  return `${Number.isNaN(value) ? '-' : value.toFixed(0)} ms`.padStart(8);
}

function usageLines(processes: readonly ProcessUsage[], cores: number): string[] {
  const total = {
    name: 'all but the load generator',
    ...sumOf(processes.filter(({ pid }) => pid !== process.pid)),
  };
  const rows = processes.length > 1 ? [...processes, total] : processes;
  return rows.map(
    ({ name, cpuPercent, meanMemoryMib, peakMemoryMib }) =>
      `${name.padEnd(24)} ${cpuPercent.toFixed(1).padStart(6)}% of a core (${(cpuPercent / cores).toFixed(1)}% of ${cores})  ` +
      `${meanMemoryMib.toFixed(0)} MiB, at most ${peakMemoryMib.toFixed(0)}`,
  );
}

function sumOf(processes: readonly ProcessUsage[]): Omit<ProcessUsage, 'name' | 'pid'> {
  const sum = (name: 'cpuPercent' | 'meanMemoryMib' | 'peakMemoryMib'): number =>
    processes.reduce((total, usage) => total + usage[name], 0);
  return { cpuPercent: sum('cpuPercent'), meanMemoryMib: sum('meanMemoryMib'), peakMemoryMib: sum('peakMemoryMib') };
}
