import type { TokenGrant } from '../access/token.ts';
import { Refusal } from './refusal.ts';

/**
 * The room of a session that a client starts. With a key, or where none is needed, the client chooses; a token needs to
 * be for the room, and then starts sessions only there. Pure.
 *
 * @param requested the room that the client names
 * @throws Refusal if its token doesn't permit this room
 */
export function grantedRoom(requested: string | undefined, token: TokenGrant | undefined): string | undefined {
  if (token === undefined || token.isOfKey === true) return requested;
  if (requested === undefined || requested === token.room) return token.room;
  throw token.room === undefined
    ? new Refusal('not-permitted', 'the token is for no room; a token with this room is required', 'room')
    : new Refusal('not-permitted', 'the token is for another room', 'room');
}
