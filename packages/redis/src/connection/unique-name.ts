import { randomBytes } from 'node:crypto';

/** 72 random bits of this thread; a system call for each name would cost more than all else about it. */
const thread = randomBytes(9).toString('base64url');
let names = 0;

/**
 * A name by which Redis tells a process, a thread, a socket or a call from all others: random for the thread that makes
 * it, then counted. It can be guessed, so it is no secret. Its characters are allowed in any key.
 */
export function uniqueName(): string {
  return `${thread}-${(names++).toString(36)}`;
}
