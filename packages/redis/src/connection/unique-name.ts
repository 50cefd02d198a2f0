import { randomBytes } from 'node:crypto';

/**
 * A name under which Redis tells a process, a thread, a socket or a call from all others: 72 random bits, in twelve
 * characters that may stand in any key.
 */
export function uniqueName(): string {
  return randomBytes(9).toString('base64url');
}
