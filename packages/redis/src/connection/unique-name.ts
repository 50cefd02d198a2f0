import { randomBytes } from 'node:crypto';

/** 72 random bits for this thread; drawing some for every name would cost a system call each. */
const thread = randomBytes(9).toString('base64url');
let names = 0;

/**
 * Returns a unique name: the random part of this thread and a counter, in characters that are allowed in any key. It can be
 * guessed, so it must not serve as a secret.
 */
export function uniqueName(): string {
  return `${thread}-${(names++).toString(36)}`;
}
