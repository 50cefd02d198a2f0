import type { Quantiles } from '@parley/redis/process-status';
import { troubleOf } from '../overview/find-troubles.ts';
import { formatCount, formatDuration, formatShare } from '../overview/format.ts';
import type { EdgeRow, EndpointRow, Overview, ProcessState, WorkerRow } from '../overview/overview.ts';
import type { Html } from './html.ts';
import { numbers, tableSection, type Cell } from './table.ts';

export function edgesTable({ edges }: Overview): Html {
  return tableSection({
    id: 'edges',
    title: 'Edges',
    columns: ['Edge', 'State', ...numbers('Up', 'Sockets', 'Sessions', 'Partials p95', 'Finals p95', 'Refused')],
    rows: edges,
    cells: (row) => {
      const { status } = row;
      return [
        row.name,
        ...stateCells(row),
        formatCount(status.sockets),
        formatCount(status.sessions),
        p95Of(status.latency.partial),
        p95Of(status.latency.final),
        formatCount(status.refusals),
      ];
    },
    none: 'No edge reports.',
    note: 'Latencies and refusals are those of the last minute.',
  });
}

export function workersTable({ workers }: Overview): Html {
  return tableSection({
    id: 'workers',
    title: 'Workers',
    columns: [
      'Worker',
      'State',
      ...numbers('Up', 'Threads', 'Restarted'),
      'Calls of each thread',
      ...numbers('Wait p95', 'Finals', 'Failed'),
    ],
    rows: workers,
    cells: (row) => {
      const { configuredThreads, replacedThreads, threads, queueWait, finals } = row.status;
      const answering = threads.filter(({ answers }) => answers).length;
      return [
        row.name,
        ...stateCells(row),
        { value: `${answering} of ${configuredThreads}`, isBad: answering < configuredThreads },
        replacedThreads,
        threads.map(({ thread, answers, calls }) => `${thread}: ${answers ? calls : 'no answer'}`).join(', '),
        p95Of(queueWait.final),
        formatCount(finals.translated),
        { value: formatCount(finals.failed), isBad: finals.failed > 0 },
      ];
    },
    none: 'No worker reports.',
    note: 'Calls, the wait of finals for a thread, and finals are those of the last minute.',
  });
}

export function endpointsTable({ endpoints }: Overview): Html {
  return tableSection({
    id: 'endpoints',
    title: 'Engine endpoints',
    columns: [
      'Endpoint',
      'State',
      'Circuit',
      ...numbers('Answers p50', 'p95', 'Calls', 'Errors', 'With 429', 'Limit left'),
    ],
    rows: endpoints,
    cells: (row) => [
      row.endpoint,
      { value: troubleOf(row) ?? 'usable', isBad: row.trouble !== undefined },
      circuitCell(row),
      formatMaybe(row.answer.p50Ms),
      formatMaybe(row.answer.p95Ms),
      formatCount(row.calls),
      { value: formatCount(row.errors), isBad: row.errors > 0 },
      { value: formatCount(row.pauses), isBad: row.pauses > 0 },
      row.headroom === undefined ? 'no limit known' : formatShare(row.headroom),
    ],
    none: 'No worker reports an endpoint.',
    note: 'Calls are those of the last minute; the limit is that of all workers together.',
  });
}

function stateCells({ state, ageMs, upMs }: EdgeRow | WorkerRow): [Cell, Cell] {
  const age = formatDuration(ageMs);
  const texts: Readonly<Record<ProcessState, string>> = {
    reports: 'reports',
    missing: `missing for ${age}`,
    replaced: `replaced, last seen ${age} ago`,
  };
  return [{ value: texts[state], isBad: state === 'missing' }, formatDuration(upMs)];
}

function circuitCell({ openCircuits, threads }: EndpointRow): Cell {
  const value = openCircuits === 0 ? 'closed' : `open in ${openCircuits} of ${threads} threads`;
  return { value, isBad: openCircuits > 0 };
}

function p95Of({ p95Ms }: Quantiles): string {
  return formatMaybe(p95Ms);
}

function formatMaybe(durationMs: number | undefined): string {
  return durationMs === undefined ? '–' : formatDuration(durationMs);
}
