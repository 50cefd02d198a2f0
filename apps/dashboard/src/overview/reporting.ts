import type { ProcessState } from './overview.ts';

/** Whether the last report of a process is recent, so that it tells how the process is. */
export function isReporting({ state }: { readonly state: ProcessState }): boolean {
  return state === 'reports';
}

/** Returns the statuses of the processes that report. */
export function reportedStatuses<Status>(
  rows: readonly { readonly state: ProcessState; readonly status: Status }[],
): Status[] {
  return rows.filter(isReporting).map(({ status }) => status);
}
