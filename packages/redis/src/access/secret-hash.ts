import { createHash } from 'node:crypto';

/** Hashes a secret (a resume token, a join code) for storage, so that it can't be read from Redis. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
