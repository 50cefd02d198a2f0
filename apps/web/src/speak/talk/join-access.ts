import type { ServerMessage } from '@parley/client';

/** How listeners join. */
export interface JoinAccess {
  /** The code with which listeners join, also while nobody can. */
  readonly joinCode: string;
  /** Whether nobody can join. */
  readonly isClosed: boolean;
}

/** How listeners join after a message of the server; the same object if nothing changes. Pure. */
export function joinAccessAfter(joinAccess: JoinAccess, message: ServerMessage): JoinAccess {
  if (message.type === 'session.started') {
    return { joinCode: message.joinCode, isClosed: message.joinCodeClosed === true };
  }
  if (message.type !== 'session.updated') return joinAccess;
  return { joinCode: message.joinCode ?? joinAccess.joinCode, isClosed: message.joinCode === undefined };
}
