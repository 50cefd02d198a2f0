import type { MessageContext } from '../core/message-context.ts';
import type { OwnedSession } from '../core/owned-session.ts';
import { Refusal } from '../core/refusal.ts';

/**
 * The session that a message is about.
 *
 * @throws Refusal if the connection owns none
 */
export function requireOwnedSession({ binding }: MessageContext): OwnedSession {
  const { owned, joined } = binding;
  if (joined !== undefined) throw new Refusal('listen-only', 'this connection may only listen');
  if (owned === undefined) throw new Refusal('session-not-started', 'no session was started on this connection');
  return owned;
}

/**
 * Like `requireOwnedSession`, for messages that an ending session doesn't accept.
 *
 * @throws Refusal if the connection owns no session, or if it is ending
 */
export function requireLiveSession(context: MessageContext): OwnedSession {
  const session = requireOwnedSession(context);
  if (session.ending) throw new Refusal('session-ending', 'the session is ending');
  return session;
}

/** @throws Refusal if the connection has a session, or may only listen */
export function requireNoSession({ connection, binding }: MessageContext): void {
  if (connection.client.joinCode !== undefined) throw new Refusal('listen-only', 'a join code only allows listening');
  if (!binding.isEmpty) {
    throw new Refusal('session-already-started', 'this connection already has a session');
  }
}
