import { networkInterfaces } from 'node:os';
import { CommandFailure } from '../exit-code.ts';
import { chooseLanAddress } from './lan-address.ts';

/** How other devices in the local network reach the edge. */
export interface LanAccess {
  /** The address on which the edge listens. */
  readonly host: string;
  /** The address to show to people. */
  readonly address: string;
  /** The room of talks that begin with the shown link. */
  readonly room?: string | undefined;
}

/**
 * Returns the access for the network that this machine is in. The edge listens on all addresses, so that it stays
 * reachable from this machine and when the address changes.
 *
 * @throws CommandFailure if there is no network
 */
export function lanAccess(room?: string): LanAccess {
  const address = chooseLanAddress(networkInterfaces());
  if (address === undefined)
    throw new CommandFailure(
      '--lan needs a network, and this machine has no IPv4 address in one. Connect it to the Wi-Fi or the cable, and start again.',
    );
  return { host: '0.0.0.0', address, room };
}
