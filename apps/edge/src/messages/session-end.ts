import type { SessionEnd } from '@parley/protocol';
import type { MessageHandler } from '../core/message-context.ts';
import { SessionLostError } from '../core/refusal.ts';
import { cancelCalls } from './cancel-calls.ts';
import { liveSession } from './live-session.ts';

/** The answer is `session.ended`, which comes through the log once the last accepted final is out. */
export const sessionEnd: MessageHandler<SessionEnd> = async (_message, context) => {
  const session = liveSession(context);
  const { status, calls } = await context.deps.sessions.end(session.sessionId, session.connection);
  if (status === 'gone' || status === 'fenced') throw new SessionLostError(status);
  cancelCalls(context.deps, session.sessionId, calls);
  session.ending = true; // Only now: a message that failed may be sent again.
};
