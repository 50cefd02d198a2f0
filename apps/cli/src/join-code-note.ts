import type { SessionStarted } from '@parley/client';

/** Tells a speaker how others can listen. */
export function joinCodeNote({ joinCode, joinCodeClosed }: SessionStarted): string {
  return joinCodeClosed
    ? `the room is closed, nobody can join by its code ${joinCode}`
    : `the join code is ${joinCode}`;
}
