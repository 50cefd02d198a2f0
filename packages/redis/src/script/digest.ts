import { createHash } from 'node:crypto';

/** Returns a digest of a text and its language. It identifies the text of a segment. */
export function textDigest(language: string, text: string): string {
  return createHash('sha256').update(`${language}\n${text}`).digest('base64url').slice(0, 27);
}
