import type { Quantiles, WorkerStatus } from '@parley/redis/process-status';
import type { EndpointRow, WorkerRow } from './overview.ts';
import { reportedStatuses } from './reporting.ts';

/** Combines what the workers report of each endpoint. */
export function endpointRows(workers: readonly WorkerRow[]): EndpointRow[] {
  const byName = Map.groupBy(reportedStatuses(workers).flatMap(rowsOf), ({ endpoint }) => endpoint);
  return [...byName.values()].map((rows) => rows.reduce(combine));
}

function rowsOf({ threads: { length: threads }, endpoints }: WorkerStatus): EndpointRow[] {
  return endpoints.map((status) => {
    const ifUncounted = status.trouble === undefined ? threads : 0;
    return { ...status, threads, usableThreads: status.usableThreads ?? ifUncounted };
  });
}

function combine(one: EndpointRow, other: EndpointRow): EndpointRow {
  const headroom = least(one.headroom, other.headroom);
  const trouble = one.trouble ?? other.trouble;
  return {
    endpoint: one.endpoint,
    calls: one.calls + other.calls,
    errors: one.errors + other.errors,
    answer: slowest(one.answer, other.answer),
    openCircuits: one.openCircuits + other.openCircuits,
    // The limit is shared by all workers.
    ...(headroom === undefined ? {} : { headroom }),
    fallbackThreads: one.fallbackThreads + other.fallbackThreads,
    pauses: one.pauses + other.pauses,
    ...(trouble === undefined ? {} : { trouble }),
    threads: one.threads + other.threads,
    usableThreads: one.usableThreads + other.usableThreads,
  };
}

function slowest(one: Quantiles, other: Quantiles): Quantiles {
  const greater = (one.p95Ms ?? -1) >= (other.p95Ms ?? -1) ? one : other;
  return { ...greater, count: one.count + other.count };
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}
