import { randomBytes } from 'node:crypto';

/** Crockford's base 32 without letters that are mistaken for digits: 32 characters, so a byte's lowest 5 bits choose one. */
const joinCodeAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The right to take a session up again: 192 random bits. */
export function newResumeToken(): string {
  return randomBytes(24).toString('base64url');
}

/** The right to listen, short enough to be read out: ten characters, 50 random bits. */
export function newJoinCode(): string {
  return Array.from(randomBytes(10), (byte) => joinCodeAlphabet[byte & 31]).join('');
}
