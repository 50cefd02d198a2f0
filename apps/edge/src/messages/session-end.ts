import { setTimeout as delay } from 'node:timers/promises';
import type { SessionEnd } from '@parley/protocol';
import type { MessageContext, MessageHandler } from '../core/message-context.ts';
import type { OwnedSession } from '../core/owned-session.ts';
import { SessionLostError } from '../core/refusal.ts';
import { requireLiveSession } from './require-session.ts';

/** How long workers have to abort calls for partials and to write the session's usage. */
export const usageWrittenWithinMs = 100;
/** The sweeper ends the session after this time if this edge can't. */
const endedWithinMs = 2000;

/** The reply is `session.ended`, which is delivered through the log after the last accepted final. */
export const sessionEnd: MessageHandler<SessionEnd> = async (_message, context) => {
  const session = requireLiveSession(context);
  const { served } = session;
  const { deps } = context;
  // Sent on the same connection before the end.
  deps.usage.onEnding(served.sessionId);
  const [status] = await Promise.all([
    end(session, context, { awaitUsage: true }),
    deps.schedule.schedule(served.sessionId, endedWithinMs),
  ]);
  if (status === 'ending') {
    await delay(usageWrittenWithinMs);
    await end(session, context, { awaitUsage: false });
  }
  session.ending = true; // Set only now, because a message that failed may be sent again.
  session.debouncer.clear();
  served.watchdog.clear();
};

async function end(session: OwnedSession, { deps }: MessageContext, options: { readonly awaitUsage: boolean }) {
  const { served, fencingToken } = session;
  const status = await deps.sessions.end(served.sessionId, fencingToken, options);
  if (status === 'gone' || status === 'fenced' || status === 'owner-lost') throw new SessionLostError(status);
  return status;
}
