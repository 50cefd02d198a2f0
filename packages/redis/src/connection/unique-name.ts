import { randomBytes } from 'node:crypto';

/** Returns a unique name: 72 random bits in twelve characters that are allowed in any key. */
export function uniqueName(): string {
  return randomBytes(9).toString('base64url');
}
