import { randomBytes } from 'node:crypto';

/** Where edges without configured keys keep the one that they share. */
export interface SharedKeyStore {
  /** Keeps the candidate unless there is a key already; gives the key that is kept, and whether it is the candidate. */
  getOrCreate(candidate: string): Promise<{ key: string; created: boolean }>;
}

/**
 * The key that edges without configured keys share. The candidate is 192 random bits in base64url, so that a browser
 * can send it as a subprotocol too.
 *
 * @returns `created` is true for the one edge that made it, whose caller shows it once
 */
export function sharedKey(store: SharedKeyStore): Promise<{ key: string; created: boolean }> {
  return store.getOrCreate(randomBytes(24).toString('base64url'));
}
