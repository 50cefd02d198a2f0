import type { Config } from '@parley/config';
import { knownKey, type KnownKey } from './known-key.ts';
import { isLoopbackBinding } from './loopback.ts';
import { sharedKey, type KeyKeeper } from './shared-key.ts';

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
