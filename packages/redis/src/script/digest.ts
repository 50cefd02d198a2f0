import { createHash } from 'node:crypto';

/** Tells texts of a segment apart: two texts in two languages never have the same digest, whatever they share. */
export function textDigest(language: string, text: string): string {
  return createHash('sha256').update(`${language}\n${text}`).digest('base64url').slice(0, 27);
}
