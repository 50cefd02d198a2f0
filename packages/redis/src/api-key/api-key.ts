import {
  createPrivateKey,
  createPublicKey,
  hash,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto';

/** `parley_ID_SECRET`: a fixed beginning that scanners for leaked secrets can look for, 48 and 256 random bits. */
const form = /^parley_([0-9a-f]{12})_[\w-]{43}$/;

/** A key as its holder has it. */
export interface ApiKeySecret {
  /** Not secret: names the key in lists, logs and tokens. */
  readonly id: string;
  /** The whole key. */
  readonly key: string;
}

export function createApiKeySecret(): ApiKeySecret {
  const id = randomBytes(6).toString('hex');
  return { id, key: `parley_${id}_${randomBytes(32).toString('base64url')}` };
}

/** Reads the ID of a key; `undefined` if this is not a key of this form. */
export function parseApiKey(key: string): ApiKeySecret | undefined {
  const [, id] = form.exec(key) ?? [];
  return id === undefined ? undefined : { id, key };
}

/**
 * The hash that is stored. A key has 256 random bits, so nobody can find it by trying, and a slow hash with a salt, which
 * protects passwords, would only make each connection slow.
 */
export function apiKeyDigest(key: string): string {
  return hash('sha256', key, 'hex');
}

/** Compares in constant time, so that the time tells nothing about the stored hash. */
export function matchesApiKeyDigest(key: string, digest: string): boolean {
  const stored = Buffer.from(digest, 'hex');
  const presented = hash('sha256', key, 'buffer');
  return stored.byteLength === presented.byteLength && timingSafeEqual(stored, presented);
}

/** PKCS #8 of an Ed25519 private key (RFC 8410, section 7), without the 32 bytes of the key. */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Derives the private key that signs the tokens of an API key. Only the public key is stored, so whoever reads Redis can check
 * tokens, but not make any.
 */
export function tokenSigningKey(key: string): KeyObject {
  const seed = Buffer.from(hkdfSync('sha256', key, '', 'parley token v2', 32));
  return createPrivateKey({ key: Buffer.concat([ed25519Prefix, seed]), format: 'der', type: 'pkcs8' });
}

/** The public key of the tokens of an API key, as the field `x` of a JSON Web Key (RFC 8037). */
export function tokenPublicKey(key: string): string {
  return createPublicKey(tokenSigningKey(key)).export({ format: 'jwk' }).x ?? '';
}

/** The key that verifies tokens. @param x what `tokenPublicKey` returned */
export function tokenVerificationKey(x: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
