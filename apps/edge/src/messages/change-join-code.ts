import type { JoinCodeChange } from '@parley/protocol';
import type { MessageContext } from '../core/message-context.ts';
import type { OwnedSession } from '../core/owned-session.ts';
import { Refusal, SessionLostError } from '../core/refusal.ts';
import { newJoinCode } from '../sessions/session-secrets.ts';

/**
 * Changes, closes or opens the join code of a session, and replies with the code by which listeners can join now. The
 * session itself is changed first: from then on its code admits nobody that must not join, on any edge. Where the code is looked up
 * is changed before the reply, so the new code can be used.
 *
 * @throws Refusal or SessionLostError if the connection doesn't own the session, or if it is ending
 */
export async function changeJoinCode(
  { served, tenant, fencingToken }: Pick<OwnedSession, 'served' | 'tenant' | 'fencingToken'>,
  change: JoinCodeChange,
  { deps, connection }: MessageContext,
): Promise<void> {
  const { sessionId } = served;
  const code = await deps.sessionCode.change(sessionId, fencingToken, change, newJoinCode());
  if (code.status === 'ending') throw new Refusal('session-ending', 'the session is ending');
  if (code.status !== 'updated') throw new SessionLostError(code.status);
  const { joinCode, joinCodeHash, isOpen, room } = code;
  // A session whose room was taken by a newer one goes on with a code of its own.
  const isOfRoom = room !== undefined && (await deps.rooms.setCode({ tenant, room }, sessionId, code)) === 'set';
  if (!isOfRoom && isOpen) await deps.joinCodes.add(joinCodeHash, { sessionId, tenant });
  if (isOpen) deps.joinAttempts.remember(joinCodeHash);
  connection.outbox.reply({ type: 'session.updated', ...(isOpen ? { joinCode } : {}) });
}
