import type { SessionEnd } from '@parley/protocol';
import type { MessageHandler } from '../core/message-context.ts';
import { SessionLostError } from '../core/refusal.ts';
import { cancelCalls } from './cancel-calls.ts';
import { requireLiveSession } from './require-session.ts';

/** The answer is `session.ended`, which comes through the log once the last accepted final is out. */
export const sessionEnd: MessageHandler<SessionEnd> = async (_message, context) => {
  const session = requireLiveSession(context);
  const { served, owner } = session;
  const { status, calls } = await context.deps.sessions.end(served.sessionId, owner.mark());
  if (status === 'gone' || status === 'fenced' || status === 'forgotten') throw new SessionLostError(status);
  cancelCalls(context.deps, served.sessionId, calls);
  session.ending = true; // Only now: a message that failed may be sent again.
  session.heldBack.clear();
  served.unshown.clear();
};
