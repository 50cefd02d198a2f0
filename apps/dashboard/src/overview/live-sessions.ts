import { worstSessions, type ListedSession } from '@parley/redis/process-status';
import type { EdgeRow } from './overview.ts';
import { reportedStatuses } from './reporting.ts';

interface LiveSessions {
  /** The number of sessions, at least. */
  readonly total: number;
  /** The worst first, at most as many as an edge lists. */
  readonly worst: readonly ListedSession[];
}

/** Combines the sessions that the edges list; one with clients on several edges is listed by each of them. */
export function liveSessions(edges: readonly EdgeRow[]): LiveSessions {
  const reporting = reportedStatuses(edges);
  const byId = Map.groupBy(
    reporting.flatMap(({ listed }) => listed),
    ({ sessionId }) => sessionId,
  );
  const sessions = [...byId.values()].map((views) => views.reduce(combine));
  // Each session has one speaker, but some speakers are disconnected, and some sessions are not listed.
  const speakers = reporting.reduce((sum, status) => sum + status.speakers, 0);
  return {
    total: Math.max(sessions.length, speakers),
    worst: worstSessions(sessions),
  };
}

function combine(one: ListedSession, other: ListedSession): ListedSession {
  const lags = [one.lagP95Ms, other.lagP95Ms].filter((lag) => lag !== undefined);
  return {
    sessionId: one.sessionId,
    ...(lags.length === 0 ? {} : { lagP95Ms: Math.max(...lags) }),
    degraded: [...new Set([...one.degraded, ...other.degraded])],
  };
}
