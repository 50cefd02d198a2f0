import type { MessageContext } from '../core/message-context.ts';
import type { OwnedSession } from '../core/owned-session.ts';
import { Refusal } from '../core/refusal.ts';

/** The session that a message is about. @throws Refusal where there is none, or none any more */
export function liveSession(context: MessageContext): OwnedSession {
  const { session } = context;
  if (session === undefined) throw new Refusal('session-not-started', 'no session was started on this connection');
  if (session.ending) throw new Refusal('session-ending', 'the session is ending');
  return session;
}
