import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { CommandFailure } from '../exit-code.ts';
import { chooseLanAddress } from './lan-address.ts';

/** How other devices in the local network reach the edge. */
export interface LanAccess {
  /** The address on which the edge listens. */
  readonly host: string;
  /** The address to show to people. */
  readonly address: string;
}

/**
 * Returns the access for the network that this machine is in. The edge listens on all addresses, so that it stays
 * reachable from this machine and when the address changes.
 *
 * @throws CommandFailure if there is no network
 */
export function lanAccess(): LanAccess {
  const address = chooseLanAddress(networkInterfaces());
  if (address === undefined)
    throw new CommandFailure('--lan needs a network, and this machine has no IPv4 address in one');
  return { host: '0.0.0.0', address };
}

const keyFile = 'lan-key';
/** A file that was written only in part does not match. */
const validKey = /^[\w-]{32}$/;

/** Returns the key for the local network, which is created once and then stays the same. Only its owner can read the file. */
export function readOrCreateLanKey(folder: string): string {
  const path = join(folder, keyFile);
  mkdirSync(folder, { recursive: true });
  const key = randomBytes(24).toString('base64url');
  try {
    writeFileSync(path, key, { mode: 0o600, flag: 'wx' });
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const existing = readFileSync(path, 'utf8');
  if (validKey.test(existing)) return existing;
  writeFileSync(path, key, { mode: 0o600 });
  return key;
}
