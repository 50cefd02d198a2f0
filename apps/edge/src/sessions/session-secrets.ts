import { randomBytes } from 'node:crypto';
import { secretHash } from '@parley/redis/access';
import type { NewCode } from '@parley/redis/session';

/**
 * Crockford's base 32, without letters that resemble digits; the lowest 5 bits of a byte select one of its 32
 * characters.
 */
const joinCodeAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A token to resume a session: 192 random bits. */
export function newResumeToken(): string {
  return randomBytes(24).toString('base64url');
}

/** A code to join a session, short enough to be read out: ten characters, 50 random bits. */
export function newJoinCode(): NewCode {
  const joinCode = Array.from(randomBytes(10), (byte) => joinCodeAlphabet[byte & 31]).join('');
  return { joinCode, joinCodeHash: secretHash(joinCode) };
}
