import type { JoinCodeChange } from '@parley/protocol';
import type { KnownCode } from '@parley/redis/session';
import type { MessageContext } from '../core/message-context.ts';
import type { OwnedSession } from '../core/owned-session.ts';
import { Refusal, SessionLostError } from '../core/refusal.ts';
import { newJoinCode } from '../sessions/session-secrets.ts';

/**
 * Changes, closes or opens the join code of a session, and replies with the code by which listeners can join now. The
 * session itself is changed first: from then on, its old code admits nobody on any edge. The entry that leads from the new code to
 * the session is stored before the reply, so the new code can be used.
 *
 * @throws Refusal or SessionLostError if the connection doesn't own the session, or if it is ending
 */
export async function changeJoinCode(
  session: OwnedSession,
  change: JoinCodeChange,
  { deps, connection }: MessageContext,
): Promise<void> {
  const { sessionId } = session.served;
  const code = await deps.sessionCode.change(sessionId, session.fencingToken, change, newJoinCode());
  if (code.status === 'ending') throw new Refusal('session-ending', 'the session is ending');
  if (code.status !== 'updated') throw new SessionLostError(code.status);
  await storeLookup(session, code, code.room, deps);
  const { joinCode, joinCodeHash, isOpen } = code;
  session.changedCode = { joinCode, joinCodeHash, isOpen };
  connection.outbox.reply({ type: 'session.updated', ...(isOpen ? { joinCode } : {}) });
}

/**
 * Restores the last change that this connection was told of, which Redis may have lost with its last writes.
 *
 * @throws SessionLostError if the connection doesn't own the session
 */
export async function restoreJoinCode(session: OwnedSession, { deps }: MessageContext): Promise<void> {
  const { served, fencingToken, changedCode } = session;
  if (changedCode === undefined) return;
  const restored = await deps.sessionCode.restore(served.sessionId, fencingToken, changedCode);
  if (restored.status === 'restored') await storeLookup(session, changedCode, restored.room, deps);
  else if (restored.status !== 'released') throw new SessionLostError(restored.status);
}

async function storeLookup(
  { served: { sessionId }, tenant }: OwnedSession,
  code: KnownCode,
  room: string | undefined,
  deps: MessageContext['deps'],
): Promise<void> {
  const { joinCodeHash, isOpen } = code;
  // A session whose room was taken by a newer one goes on with a code of its own.
  const isOfRoom = room !== undefined && (await deps.rooms.setCode({ tenant, room }, sessionId, code)) === 'set';
  if (!isOfRoom && isOpen) await deps.joinCodes.add(joinCodeHash, { sessionId, tenant });
  if (isOpen) deps.joinAttempts.remember(joinCodeHash);
}
