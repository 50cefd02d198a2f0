import type { RoomCode } from '@parley/redis/room';
import type { EdgeDependencies } from '../core/dependencies.ts';
import { Refusal } from '../core/refusal.ts';
import { newJoinCode } from '../sessions/session-secrets.ts';

interface StartingSession {
  readonly sessionId: string;
  readonly tenant: string;
  readonly room: string | undefined;
}

export interface TakenCode extends RoomCode {
  /** Takes the code from the session that had the room before; called when the new session exists. */
  readonly releasePrevious: () => Promise<void>;
}

/**
 * Gives a session that is about to start its join code: a new one, or that of its room.
 *
 * @throws Refusal if its tenant can have no further room
 */
export async function takeJoinCode(
  { sessionId, tenant, room }: StartingSession,
  { joinCodes, rooms, sessionCode }: Pick<EdgeDependencies, 'joinCodes' | 'rooms' | 'sessionCode'>,
): Promise<TakenCode> {
  const candidate = newJoinCode();
  if (room === undefined) {
    await joinCodes.add(candidate.joinCodeHash, { sessionId, tenant });
    return { ...candidate, isOpen: true, releasePrevious: () => Promise.resolve() };
  }
  const taken = await rooms.take({ tenant, room }, sessionId, candidate);
  if (taken === 'full') {
    throw new Refusal('too-many-rooms', 'this tenant has reached its limit of rooms', 'room');
  }
  const { joinCode, joinCodeHash, isOpen, previousSessionId } = taken;
  const releasePrevious = async (): Promise<void> => {
    if (previousSessionId !== undefined) await sessionCode.release(previousSessionId, joinCodeHash);
  };
  return { joinCode, joinCodeHash, isOpen, releasePrevious };
}
