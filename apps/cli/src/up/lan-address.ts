import type { NetworkInterfaceInfo } from 'node:os';

/** Interfaces of containers, virtual machines and tunnels, which other devices usually can't reach. */
const virtual = /^(?:docker|br-|veth|virbr|vmnet|vboxnet|utun|tun|tap|wg|tailscale|zt|lxc|lxd|cni|podman|bridge)/i;
/** The addresses of home and office networks (RFC 1918). */
const privateRange = /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./;
const linkLocal = /^169\.254\./;

/**
 * Chooses the IPv4 address at which other devices most likely reach this machine: one of a private range before any other, a
 * physical interface before a virtual one.
 *
 * @param interfaces as `os.networkInterfaces()` returns them
 * @returns `undefined` if the machine is in no network
 */
export function chooseLanAddress(interfaces: NodeJS.Dict<readonly NetworkInterfaceInfo[]>): string | undefined {
  const candidates = Object.entries(interfaces).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ family, internal, address }) => family === 'IPv4' && !internal && !linkLocal.test(address))
      .map(({ address }) => ({ address, rank: (virtual.test(name) ? 2 : 0) + (privateRange.test(address) ? 0 : 1) })),
  );
  return candidates.sort((one, other) => one.rank - other.rank)[0]?.address;
}
