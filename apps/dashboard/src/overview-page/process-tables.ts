import type { Quantiles } from '@parley/redis/process-status';
import { formatCount, formatDuration, formatShare } from '../overview/format.ts';
import type { EdgeRow, EndpointRow, Overview, ProcessState, WorkerRow } from '../overview/overview.ts';
import type { Html } from './html.ts';
import { number, tableSection, type Cell } from './table.ts';

const states: Readonly<Record<ProcessState, string>> = { reports: 'reports', missing: 'missing', replaced: 'replaced' };

export function edgesTable({ edges }: Overview): Html {
  return tableSection({
    id: 'edges',
    title: 'Edges',
    columns: ['Edge', 'State', 'Up', 'Sockets', 'Sessions', 'Partials p95', 'Finals p95', 'Refused'],
    rows: edges,
    cells: (row) => {
      const { status } = row;
      return [
        row.name,
        ...stateCells(row),
        number(formatCount(status.sockets)),
        number(formatCount(status.sessions)),
        number(p95Of(status.latency.partial)),
        number(p95Of(status.latency.final)),
        number(formatCount(status.refusals)),
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
    columns: ['Worker', 'State', 'Up', 'Threads', 'Restarted', 'Calls of each thread', 'Wait p95', 'Finals', 'Failed'],
    rows: workers,
    cells: (row) => {
      const { configuredThreads, replacedThreads, threads, queueWait, finals } = row.status;
      const answering = threads.filter(({ answers }) => answers).length;
      return [
        row.name,
        ...stateCells(row),
        number(`${answering} of ${configuredThreads}`, answering < configuredThreads),
        number(replacedThreads),
        threads.map(({ thread, answers, calls }) => `${thread}: ${answers ? calls : 'no answer'}`).join(', '),
        number(p95Of(queueWait.final)),
        number(formatCount(finals.translated)),
        number(formatCount(finals.failed), finals.failed > 0),
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
    columns: ['Endpoint', 'State', 'Circuit', 'Answers p50', 'p95', 'Calls', 'Errors', 'With 429', 'Limit left'],
    rows: endpoints,
    cells: (row) => [
      row.endpoint,
      row.trouble === undefined ? 'usable' : { content: row.trouble, isBad: true },
      circuitCell(row),
      number(formatMaybe(row.answer.p50Ms)),
      number(formatMaybe(row.answer.p95Ms)),
      number(formatCount(row.calls)),
      number(formatCount(row.errors), row.errors > 0),
      number(formatCount(row.pauses), row.pauses > 0),
      number(row.headroom === undefined ? 'no limit known' : formatShare(row.headroom)),
    ],
    none: 'No worker reports an endpoint.',
    note: 'Calls are those of the last minute; the limit is that of all workers together.',
  });
}

function stateCells({ state, ageMs, upMs }: EdgeRow | WorkerRow): [Cell, Cell] {
  const text = state === 'reports' ? states[state] : `${states[state]}, last report ${formatDuration(ageMs)} ago`;
  return [{ content: text, isBad: state === 'missing' }, number(formatDuration(upMs))];
}

function circuitCell({ openCircuits, threads }: EndpointRow): Cell {
  const content = openCircuits === 0 ? 'closed' : `open in ${openCircuits} of ${threads} threads`;
  return { content, isBad: openCircuits > 0 };
}

function p95Of({ p95Ms }: Quantiles): string {
  return formatMaybe(p95Ms);
}

function formatMaybe(durationMs: number | undefined): string {
  return durationMs === undefined ? '–' : formatDuration(durationMs);
}
