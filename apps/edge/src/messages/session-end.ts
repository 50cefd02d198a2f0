import { setTimeout as delay } from 'node:timers/promises';
import type { SessionEnd } from '@parley/protocol';
import type { MessageContext, MessageHandler } from '../core/message-context.ts';
import type { OwnedSession } from '../core/owned-session.ts';
import { SessionLostError } from '../core/refusal.ts';
import { requireLiveSession } from './require-session.ts';

/** How long workers have to hear that their calls are cancelled, and to count what these have cost. */
const countedWithinMs = 100;

/** The answer is `session.ended`, which comes through the log once the last accepted final is out. */
export const sessionEnd: MessageHandler<SessionEnd> = async (_message, context) => {
  const session = requireLiveSession(context);
  const { served } = session;
  const { status, heldSegments } = await end(session, context, { afterCalls: true });
  if (status === 'ending' && heldSegments > 0) {
    await delay(countedWithinMs);
    await end(session, context, { afterCalls: false });
  }
  session.ending = true; // Only now: a message that failed may be sent again.
  session.heldBack.clear();
  served.watchdog.clear();
};

async function end(session: OwnedSession, { deps }: MessageContext, how: { readonly afterCalls: boolean }) {
  const { served, fencingToken } = session;
  const { status, heldSegments } = await deps.sessions.end(served.sessionId, fencingToken, how);
  if (status === 'gone' || status === 'fenced' || status === 'forgotten') throw new SessionLostError(status);
  return { status, heldSegments };
}
