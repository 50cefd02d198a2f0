import { reportEveryMs, type ProcessStatus, type ReportedProcess } from '@parley/redis/process-status';
import type { EdgeRow, ProcessState, WorkerRow } from './overview.ts';

/** A process that has left out three reports, or hangs in them, is missing. */
const missingAfterMs = 3 * reportEveryMs + 1000;

interface ProcessRows {
  readonly edges: readonly EdgeRow[];
  readonly workers: readonly WorkerRow[];
  readonly unreadable: number;
}

/**
 * Tells edges and workers apart, and which of them still report.
 *
 * @param nowMs milliseconds since 1970
 */
export function processRows(reported: readonly ReportedProcess[], nowMs: number): ProcessRows {
  const readable = reported.flatMap(({ ageMs, status }) => (status === undefined ? [] : [{ ageMs, status }]));
  const unclaimed = new Set(readable.filter(({ ageMs }) => ageMs <= missingAfterMs).map(({ status }) => status));
  const edges: EdgeRow[] = [];
  const workers: WorkerRow[] = [];
  for (const { ageMs, status } of readable) {
    const row = {
      name: `${status.kind} ${status.host} ${status.pid}`,
      host: status.host,
      state: ageMs <= missingAfterMs ? ('reports' as const) : stateOfSilent(status, nowMs - ageMs, unclaimed),
      ageMs,
      upMs: Math.max(0, nowMs - status.startedAtMs),
    };
    if (status.kind === 'edge') edges.push({ ...row, status });
    else workers.push({ ...row, status });
  }
  return { edges: edges.sort(byName), workers: workers.sort(byName), unreadable: reported.length - readable.length };
}

/** A process that was started on the same host after the last report is the replacement of one that is silent. */
function stateOfSilent(silent: ProcessStatus, reportedAtMs: number, unclaimed: Set<ProcessStatus>): ProcessState {
  for (const other of unclaimed) {
    if (other.kind !== silent.kind || other.host !== silent.host || other.startedAtMs < reportedAtMs) continue;
    unclaimed.delete(other);
    return 'replaced';
  }
  return 'missing';
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name.localeCompare(other.name, 'en', { numeric: true });
}
