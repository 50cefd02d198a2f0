import type { ServerMessage } from '@parley/client';

/** How listeners get in. */
export interface Door {
  /** The code with which listeners join, also while nobody can. */
  readonly joinCode: string;
  /** Whether nobody can join. */
  readonly isClosed: boolean;
}

/** The door after a message of the server; the same object if nothing changes. Pure. */
export function doorAfter(door: Door, message: ServerMessage): Door {
  if (message.type === 'session.started') {
    return { joinCode: message.joinCode, isClosed: message.joinCodeClosed === true };
  }
  if (message.type !== 'session.updated') return door;
  return { joinCode: message.joinCode ?? door.joinCode, isClosed: message.joinCode === undefined };
}
