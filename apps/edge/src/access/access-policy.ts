import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ApiKey, Config } from '@parley/config';
import type { SharedKeyStore } from '@parley/redis/access';
import { isLoopbackBinding } from './loopback.ts';
import { deriveTokenSecret, type TokenSigner } from './token.ts';

/** The tenant of all clients if no keys are configured. */
export const defaultTenant = 'default';

/**
 * Who may open a socket. `keys`: clients with one of the keys. `keyless`: this machine and the edge's own page;
 * `anyPeer` skips the check of the peer's address, which says nothing behind a published container port.
 */
export type AccessPolicy =
  | { readonly kind: 'keys'; readonly keys: readonly KnownKey[] }
  | { readonly kind: 'keyless'; readonly anyPeer: boolean };

export interface OpenedAccess {
  readonly policy: AccessPolicy;
  /** The shared key if this edge has just created it; the caller shows it to the operator once. */
  readonly createdKey?: string;
}

/**
 * Derives the policy from the configuration. If an edge without configured keys is reachable from other machines, it
 * shares a key with all edges on the same store; the first of them creates it. With `KEYLESS=never`, only the keys in Redis
 * are left.
 *
 * @throws any error of the store, which is only used for the shared key
 */
export async function openAccess(
  config: Pick<Config, 'API_KEYS' | 'HOST' | 'KEYLESS'>,
  store: SharedKeySource,
): Promise<OpenedAccess> {
  if (config.API_KEYS !== undefined) return { policy: { kind: 'keys', keys: config.API_KEYS.map(knownKey) } };
  if (config.KEYLESS === 'never') return { policy: { kind: 'keys', keys: [] } };
  if (config.KEYLESS === 'loopback') return { policy: { kind: 'keyless', anyPeer: true } };
  if (isLoopbackBinding(config.HOST)) return { policy: { kind: 'keyless', anyPeer: false } };
  const { key, created } = await sharedKey(store);
  const policy: AccessPolicy = { kind: 'keys', keys: [knownKey({ tenant: defaultTenant, key })] };
  return created ? { policy, createdKey: key } : { policy };
}

/** The store of the key shared by edges without configured keys. */
export type SharedKeySource = Pick<SharedKeyStore, 'getOrCreate'>;

/**
 * Reads or creates the shared key: 192 random bits in base64url, so that a browser can also send it as a
 * subprotocol.
 *
 * @returns `created` is true only for the edge that created the key
 */
function sharedKey(store: SharedKeySource): Promise<{ key: string; created: boolean }> {
  return store.getOrCreate(randomBytes(24).toString('base64url'));
}

/** An API key, hashed so that comparing keys of any length takes the same time. */
export interface KnownKey extends TokenSigner {
  readonly digest: Buffer;
}

export function knownKey({ tenant, key }: ApiKey): KnownKey {
  let secret: Promise<Uint8Array> | undefined;
  const tokenKey = (): Promise<Uint8Array> => (secret ??= deriveTokenSecret(key));
  return { tenant, digest: digestOf(key), algorithm: 'HS256', tokenKey };
}

/**
 * Signs the tokens of clients that need no key. Its secret is public, which is harmless: such a token permits less
 * than none.
 */
const keylessSigner: TokenSigner = knownKey({ tenant: defaultTenant, key: '' });

/** Everything that may have signed a token. */
export function tokenSigners(policy: AccessPolicy): readonly TokenSigner[] {
  return policy.kind === 'keys' ? policy.keys : [keylessSigner];
}

/** What signs the tokens of a client with this API key; `undefined` if the key is unknown. */
export function tokenSignerOf(policy: AccessPolicy, presented: string | undefined): TokenSigner | undefined {
  if (policy.kind === 'keyless') return keylessSigner;
  return presented === undefined ? undefined : findKey(policy.keys, presented);
}

/** The known key that equals a presented one. Compares in constant time with each, so that timing reveals nothing. */
export function findKey(keys: readonly KnownKey[], presented: string): KnownKey | undefined {
  const digest = digestOf(presented);
  let found: KnownKey | undefined;
  for (const known of keys) if (timingSafeEqual(known.digest, digest)) found = known;
  return found;
}

function digestOf(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}
