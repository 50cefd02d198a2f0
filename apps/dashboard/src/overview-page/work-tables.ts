import { formatCount, formatDuration, formatMoney, formatShare } from '../overview/format.ts';
import type { Overview, SessionRow } from '../overview/overview.ts';
import { savedTokens } from '../overview/today.ts';
import type { Html } from './html.ts';
import { number, tableSection } from './table.ts';

const maxLanguagesShown = 8;

export function sessionsTable({ sessions, atMs }: Overview): Html {
  const further = sessions.total - sessions.listed.length;
  return tableSection({
    id: 'sessions',
    title: 'Live sessions',
    columns: ['Session', 'Tenant', 'Languages', 'Listeners', 'Lag p95', 'Service', 'Cost', 'Since'],
    rows: sessions.listed,
    cells: (session) => [
      session.sessionId,
      session.room === undefined ? session.tenant : `${session.tenant}, room ${session.room}`,
      languagesOf(session),
      number(formatCount(session.listeners)),
      number(session.lagP95Ms === undefined ? '–' : formatDuration(session.lagP95Ms)),
      serviceCell(session),
      number(formatMoney(session.costMicros)),
      number(formatDuration(Math.max(0, atMs - session.startedAtMs))),
    ],
    none: 'No live sessions.',
    note: further > 0 ? `The worst ${sessions.listed.length} of ${formatCount(sessions.total)} sessions.` : undefined,
  });
}

export function queuesTable({ queues }: Overview): Html {
  return tableSection({
    id: 'queues',
    title: 'Queues',
    columns: ['Queue', 'Oldest job', 'Waiting', 'Active', 'Delayed', 'Failed'],
    rows: queues,
    cells: ({ queue, jobs, oldestAgeMs }) => [
      queue,
      number(
        oldestAgeMs === 0 ? 'none waits' : formatDuration(oldestAgeMs),
        oldestAgeMs > 2000 && queue !== 'long-final',
      ),
      number(formatCount(jobs.waiting + jobs.prioritized)),
      number(formatCount(jobs.active)),
      number(formatCount(jobs.delayed)),
      number(formatCount(jobs.failed), jobs.failed > 0),
    ],
    none: 'The queues could not be read.',
    note: 'Delayed jobs wait for the rate limit or a retry. Failed ones are kept for reading.',
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
    columns: ['Engine calls', 'Last minute', 'Share'],
    rows: all === 0 ? [] : rows,
    cells: ([what, count]) => [what, number(formatCount(count)), number(formatShare(count / all))],
    none: 'No calls in the last minute.',
    note: cacheFailures === 0 ? undefined : `${cacheFailures} commands to the cache failed.`,
  });
}

export function todayTable({ today }: Overview): Html {
  const rows = today === undefined ? [] : [{ tenant: 'all tenants', usage: today.total }, ...today.tenants];
  const omitted = (today?.further ?? 0) + (today?.uncounted ?? 0);
  return tableSection({
    id: 'today',
    title: today === undefined ? 'Today' : `Today, ${today.day} (UTC)`,
    columns: ['Tenant', 'Calls', 'Tokens', 'Saved tokens', 'Cached', 'Joined', 'Superseded', 'Nothing new', 'Cost'],
    rows: rows.length > 1 ? rows : [],
    cells: ({ tenant, usage }) => [
      tenant,
      number(formatCount(usage.requests)),
      number(formatCount(usage.promptTokens + usage.completionTokens)),
      number(formatCount(savedTokens(usage))),
      number(formatCount(usage['savedTokens:cached'])),
      number(formatCount(usage['savedTokens:joined'])),
      number(formatCount(usage['savedTokens:superseded'])),
      number(formatCount(usage['savedTokens:nothing-new'])),
      // The sum is incomplete if some model has no price.
      number(`${formatMoney(usage.costMicros)}${usage.unpricedTokens > 0 ? '+' : ''}`),
    ],
    none: 'Nothing was used today.',
    note: omittedNote(omitted, today?.uncounted ?? 0),
  });
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

function serviceCell({ degraded, state }: SessionRow): { content: string; isBad: boolean } {
  if (degraded.length > 0) return { content: degraded.join(', '), isBad: true };
  return { content: state === 'live' ? 'full' : state, isBad: false };
}
