import { randomBytes } from 'node:crypto';
import type { SharedKeyStore } from '@parley/state';

/** Where edges without configured keys keep the one that they share. */
export type KeyKeeper = Pick<SharedKeyStore, 'getOrCreate'>;

/**
 * The key that edges without configured keys share. The candidate is 192 random bits in base64url, so that a browser
 * can send it as a subprotocol too.
 *
 * @returns `created` is true for the one edge that made it, whose caller shows it once
 */
export function sharedKey(store: KeyKeeper): Promise<{ key: string; created: boolean }> {
  return store.getOrCreate(randomBytes(24).toString('base64url'));
}
