import { createHash } from 'node:crypto';

/** Tells texts of a segment apart: two texts in two languages never have the same digest, whatever they share. */
export function textDigest(language: string, text: string): string {
  return createHash('sha256').update(`${language}\n${text}`).digest('base64url').slice(0, 27);
}

/** How a secret (a resume token, a join code) is kept: nobody can read it back out of Redis. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
