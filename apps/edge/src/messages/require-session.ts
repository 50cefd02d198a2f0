import { closeCodes } from '@parley/protocol';
import { permitsSession } from '../access/permits-session.ts';
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

/**
 * For messages that open a session other than by resuming it, or are about a session that the connection doesn't own.
 *
 * @throws Refusal if the connection's token had expired before it was opened
 */
export function requireUnexpiredToken({ connection }: MessageContext): void {
  if (connection.client.token?.hasExpired !== true) return;
  const problem = 'the token has expired: it can only resume a session';
  throw new Refusal('not-permitted', problem, undefined, closeCodes.badFirstMessage);
}

/**
 * For messages that begin to own a session.
 *
 * @param sessionId the session; `undefined` for a new one
 * @throws Refusal if the connection has a session, or if its join code or token doesn't permit this one
 */
export function requireNoSession({ connection, binding }: MessageContext, sessionId: string | undefined): void {
  const { joinCode, token } = connection.client;
  if (joinCode !== undefined) throw new Refusal('listen-only', 'a join code only allows listening');
  if (token?.scope === 'listen') throw new Refusal('listen-only', 'the key or token only allows listening');
  if (token?.sessionId !== undefined && token.sessionId !== sessionId) {
    throw new Refusal('not-permitted', 'the token is for another session');
  }
  if (!binding.isEmpty) {
    throw new Refusal('session-already-started', 'this connection already has a session');
  }
}

/**
 * For messages about an existing session that the connection doesn't own.
 *
 * @throws Refusal if the client's token is for a room, and the session is not in it
 */
export async function requirePermittedRoom({ connection, deps }: MessageContext, sessionId: string): Promise<void> {
  const { token } = connection.client;
  if (token?.room === undefined) return;
  const session = await deps.directory.describe(sessionId);
  // The handler reports an unknown session.
  if (session !== undefined && !permitsSession(token, session)) {
    throw new Refusal('not-permitted', 'the token is for another room');
  }
}
