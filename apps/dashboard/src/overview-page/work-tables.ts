import { isLate } from '../overview/find-troubles.ts';
import { formatCount, formatDuration, formatMoney, formatShare } from '../overview/format.ts';
import type { Overview, SessionRow, TenantRow } from '../overview/overview.ts';
import { savedTokens } from '../overview/today.ts';
import type { Html } from './html.ts';
import { numbers, tableSection, type Cell } from './table.ts';

const maxLanguagesShown = 8;

export function sessionsTable({ sessions, atMs }: Overview): Html {
  const further = sessions.total - sessions.listed.length;
  return tableSection({
    id: 'sessions',
    title: 'Live sessions',
    columns: [
      'Session',
      'Tenant',
      'Languages',
      ...numbers('Listeners', 'Lag p95'),
      'Service',
      ...numbers('Cost', 'Since'),
    ],
    rows: sessions.listed,
    cells: (session) => [
      session.sessionId,
      session.room === undefined ? session.tenant : `${session.tenant}, room ${session.room}`,
      languagesOf(session),
      formatCount(session.listeners),
      session.lagP95Ms === undefined ? '–' : formatDuration(session.lagP95Ms),
      serviceCell(session),
      formatMoney(session.costMicros),
      formatDuration(Math.max(0, atMs - session.startedAtMs)),
    ],
    none: 'No live sessions.',
    note: further > 0 ? `The worst ${sessions.listed.length} of ${formatCount(sessions.total)} sessions.` : undefined,
  });
}

export function queuesTable({ queues }: Overview): Html {
  return tableSection({
    id: 'queues',
    title: 'Queues',
    columns: ['Queue', ...numbers('Next job', 'Waiting', 'Active', 'Delayed', 'Failed')],
    rows: queues,
    cells: (row) => [
      row.queue,
      { value: row.nextJobAgeMs === 0 ? 'none waits' : formatDuration(row.nextJobAgeMs), isBad: isLate(row) },
      formatCount(row.jobs.waiting + row.jobs.prioritized),
      formatCount(row.jobs.active),
      formatCount(row.jobs.delayed),
      { value: formatCount(row.jobs.failed), isBad: row.jobs.failed > 0 },
    ],
    none: 'The queues could not be read.',
    note: 'Next job: how long the job has waited that is to be taken next; those behind it may have waited for longer. Delayed jobs wait for the rate limit or a retry. Failed ones are kept for reading.',
  });
}

export function callsTable({ calls }: Overview): Html {
  const { made, memory, cache, joinedHere, joinedElsewhere, cacheFailures } = calls;
  const all = made + memory + cache + joinedHere + joinedElsewhere;
  const rows = [
    ['made', made],
    ['found in the memory of a thread', memory],
    ['found in the cache', cache],
    ['joined another one in the same thread', joinedHere],
    ['joined another one elsewhere', joinedElsewhere],
  ] as const;
  return tableSection({
    id: 'calls',
    title: 'Cache and joined calls',
    columns: ['Engine calls', ...numbers('Last minute', 'Share')],
    rows: all === 0 ? [] : rows,
    cells: ([what, count]) => [what, formatCount(count), formatShare(count / all)],
    none: 'No calls in the last minute.',
    note: cacheFailures === 0 ? undefined : `${cacheFailures} commands to the cache failed.`,
  });
}

export function todayTable({ today }: Overview): Html {
  const all: TenantRow[] = today === undefined ? [] : [{ tenant: 'all tenants', usage: today.total }];
  const rows = [...all, ...(today?.tenants ?? [])];
  const omitted = (today?.further ?? 0) + (today?.uncounted ?? 0);
  return tableSection({
    id: 'today',
    title: today === undefined ? 'Today' : `Today, ${today.day} (UTC)`,
    columns: [
      'Tenant',
      ...numbers(
        'Calls',
        'Tokens',
        'Saved tokens',
        'Cached',
        'Joined',
        'Superseded',
        'Nothing new',
        'Cost',
        'Own budget',
      ),
    ],
    rows: rows.length > 1 ? rows : [],
    cells: ({ tenant, usage, dailyBudgetMicros }) => [
      tenant,
      formatCount(usage.requests),
      formatCount(usage.promptTokens + usage.completionTokens),
      formatCount(savedTokens(usage)),
      formatCount(usage['savedTokens:cached']),
      formatCount(usage['savedTokens:joined']),
      formatCount(usage['savedTokens:superseded']),
      formatCount(usage['savedTokens:nothing-new']),
      // The sum is incomplete if some model has no price.
      `${formatMoney(usage.costMicros)}${usage.unpricedTokens > 0 ? '+' : ''}`,
      budgetOf(dailyBudgetMicros),
    ],
    none: 'Nothing was used today.',
    note: omittedNote(omitted, today?.uncounted ?? 0),
  });
}

/** The budget that workers have for tenants without one of their own is not known here. */
function budgetOf(dailyBudgetMicros: number | undefined): string {
  if (dailyBudgetMicros === undefined) return '–';
  return dailyBudgetMicros === 0 ? 'unlimited' : formatMoney(dailyBudgetMicros);
}

function omittedNote(omitted: number, uncounted: number): string | undefined {
  if (omitted === 0) return undefined;
  const note = `${formatCount(omitted)} further tenants are not listed`;
  return uncounted === 0 ? `${note}.` : `${note}, of which ${formatCount(uncounted)} are not counted either.`;
}

function languagesOf({ sourceLanguage, targetLanguages }: SessionRow): string {
  const shown = targetLanguages.slice(0, maxLanguagesShown).join(', ');
  const further = targetLanguages.length - maxLanguagesShown;
  const targets = targetLanguages.length === 0 ? 'none' : further > 0 ? `${shown} and ${further} more` : shown;
  return `${sourceLanguage} → ${targets}`;
}

function serviceCell({ degraded, state }: SessionRow): Cell {
  if (degraded.length > 0) return { value: degraded.join(', '), isBad: true };
  return state === 'live' ? 'full' : state;
}
