import { createHash } from 'node:crypto';

/** The form in which a secret (a resume token, a join code) is stored, so that it can't be read back out of Redis. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
