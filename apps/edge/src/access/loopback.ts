import { BlockList, isIP } from 'node:net';

const loopbackAddresses = new BlockList();
loopbackAddresses.addSubnet('127.0.0.0', 8, 'ipv4');
loopbackAddresses.addAddress('::1', 'ipv6');

/** Whether an IP address is a loopback address; an IPv4-mapped IPv6 address (`::ffff:127.0.0.1`) counts as IPv4. */
export function isLoopbackAddress(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && loopbackAddresses.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** Whether a server bound to this host name or address is reachable only from this machine. */
export function isLoopbackBinding(host: string): boolean {
  return host.toLowerCase() === 'localhost' || isLoopbackAddress(host);
}
