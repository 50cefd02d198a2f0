import { touch } from '../sessions/session-rounds.ts';
import type { EdgeDependencies } from './dependencies.ts';
import type { JoinedSession } from './joined-session.ts';
import type { OwnedSession } from './owned-session.ts';

/** Takes a socket out of its session; the owner's time of grace begins, unless the session is over. */
export async function leaveSession(
  left: { session: OwnedSession | undefined; joined: JoinedSession | undefined; isOver: boolean },
  deps: EdgeDependencies,
): Promise<void> {
  const { session, joined, isOver } = left;
  const served = session?.served ?? joined?.served;
  if (served === undefined) return;
  const { sessionId } = served;
  try {
    if (session !== undefined) {
      served.feed.detach(session.subscriber);
      served.disown(session.owner.connection);
      if (!isOver) {
        const { graceMs } = await deps.sessions.detach(sessionId, session.owner.connection);
        if (graceMs > 0) await deps.deadlines.bring(sessionId, graceMs);
      }
    }
    if (joined !== undefined) {
      served.feed.detach(joined.subscriber);
      served.listeners.delete(joined.listener);
      // A language that was wanted here alone ends now, not when its lease does.
      if (!isOver) await touch(served, deps);
    }
  } catch (error) {
    // Leases lapse by themselves, and the sweeper sees to the session.
    deps.logger.warn({ err: error, sessionId }, 'a session could not be let go at once');
  } finally {
    deps.served.leave(served);
  }
}
