import { maxListedSessions, type ListedSession } from './process-status.ts';

/** Returns the sessions to be listed: those with the most reasons for reduced service, then those with the greatest lag, first. */
export function worstSessions(sessions: readonly ListedSession[]): ListedSession[] {
  return sessions.toSorted(worstFirst).slice(0, maxListedSessions);
}

function worstFirst(one: ListedSession, other: ListedSession): number {
  return (
    other.degraded.length - one.degraded.length ||
    (other.lagP95Ms ?? -1) - (one.lagP95Ms ?? -1) ||
    (one.sessionId < other.sessionId ? -1 : 1)
  );
}
