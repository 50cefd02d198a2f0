import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ApiKey, Config } from '@parley/config';
import type { SharedKeyStore } from '@parley/redis/access';
import { isLoopbackBinding } from './loopback.ts';

/** The tenant of everybody where no keys are configured. */
export const defaultTenant = 'default';

/**
 * Who may open a socket. `keys`: whoever brings one of them. `keyless`: this machine and the edge's own page; `anyPeer`
 * leaves out the look at the peer's address, which says nothing behind a published container port.
 */
export type AccessPolicy =
  | { readonly kind: 'keys'; readonly keys: readonly KnownKey[] }
  | { readonly kind: 'keyless'; readonly anyPeer: boolean };

export interface OpenedAccess {
  readonly policy: AccessPolicy;
  /** The shared key, where this edge has just made it: the caller shows it to the operator, once. */
  readonly madeKey?: string;
}

/**
 * The policy that follows from the configuration. An edge that others can reach and that has no keys shares one with
 * every edge on the same store; the first of them makes it.
 *
 * @throws whatever the store throws; only the shared key asks it
 */
export async function openAccess(
  config: Pick<Config, 'API_KEYS' | 'HOST' | 'KEYLESS'>,
  store: KeyKeeper,
): Promise<OpenedAccess> {
  if (config.API_KEYS !== undefined) return { policy: { kind: 'keys', keys: config.API_KEYS.map(knownKey) } };
  if (config.KEYLESS === 'loopback') return { policy: { kind: 'keyless', anyPeer: true } };
  if (isLoopbackBinding(config.HOST)) return { policy: { kind: 'keyless', anyPeer: false } };
  const { key, created } = await sharedKey(store);
  const policy: AccessPolicy = { kind: 'keys', keys: [knownKey({ tenant: defaultTenant, key })] };
  return created ? { policy, madeKey: key } : { policy };
}

/** Where edges without configured keys keep the one that they share. */
export type KeyKeeper = Pick<SharedKeyStore, 'getOrCreate'>;

/**
 * The key that edges without configured keys share. The candidate is 192 random bits in base64url, so that a browser
 * can send it as a subprotocol too.
 *
 * @returns `created` is true for the one edge that made it, whose caller shows it once
 */
function sharedKey(store: KeyKeeper): Promise<{ key: string; created: boolean }> {
  return store.getOrCreate(randomBytes(24).toString('base64url'));
}

/** An API key as the edge keeps it: hashed, so that keys of any length compare in the same time. */
export interface KnownKey {
  readonly tenant: string;
  readonly digest: Buffer;
}

/** An API key of the configuration in the form in which it is compared. */
export function knownKey({ tenant, key }: ApiKey): KnownKey {
  return { tenant, digest: digestOf(key) };
}

/** The tenant of a presented key. Every known key is compared, each in constant time: the time taken tells nothing. */
export function tenantOf(keys: readonly KnownKey[], presented: string): string | undefined {
  const digest = digestOf(presented);
  let tenant: string | undefined;
  for (const known of keys) if (timingSafeEqual(known.digest, digest)) tenant = known.tenant;
  return tenant;
}

function digestOf(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}
