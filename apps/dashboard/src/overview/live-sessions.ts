import { maxListedSessions, type EdgeStatus } from '@parley/redis/process-status';
import type { EdgeRow } from './overview.ts';

export type LiveSession = EdgeStatus['listed'][number];

interface LiveSessions {
  /** The number of sessions, at least. */
  readonly total: number;
  /** The worst ones: those with the most reasons for reduced service, then those with the greatest lag. */
  readonly worst: readonly LiveSession[];
}

/** Combines the sessions that the edges list; one with clients on several edges is listed by each of them. */
export function liveSessions(edges: readonly EdgeRow[]): LiveSessions {
  const reporting = edges.filter(({ state }) => state === 'reports').map(({ status }) => status);
  const byId = Map.groupBy(
    reporting.flatMap(({ listed }) => listed),
    ({ sessionId }) => sessionId,
  );
  const sessions = [...byId.values()].map((views) => views.reduce(combine));
  // Each session has one speaker, but some speakers are disconnected, and some sessions are not listed.
  const speakers = reporting.reduce((sum, status) => sum + status.speakers, 0);
  return {
    total: Math.max(sessions.length, speakers),
    worst: sessions.sort(worstFirst).slice(0, maxListedSessions),
  };
}

function combine(one: LiveSession, other: LiveSession): LiveSession {
  const lags = [one.lagP95Ms, other.lagP95Ms].filter((lag) => lag !== undefined);
  return {
    sessionId: one.sessionId,
    ...(lags.length === 0 ? {} : { lagP95Ms: Math.max(...lags) }),
    degraded: [...new Set([...one.degraded, ...other.degraded])],
  };
}

function worstFirst(one: LiveSession, other: LiveSession): number {
  return (
    other.degraded.length - one.degraded.length ||
    (other.lagP95Ms ?? -1) - (one.lagP95Ms ?? -1) ||
    (one.sessionId < other.sessionId ? -1 : 1)
  );
}
