import { BlockList, isIP } from 'node:net';

const loopbackAddresses = new BlockList();
loopbackAddresses.addSubnet('127.0.0.0', 8, 'ipv4');
loopbackAddresses.addAddress('::1', 'ipv6');

/** Whether an IP address is this machine's own; an IPv4 address inside IPv6 (`::ffff:127.0.0.1`) counts as IPv4. */
export function isLoopbackAddress(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && loopbackAddresses.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** Whether a server bound to this host name or address can only be reached from this machine. */
export function isLoopbackBinding(host: string): boolean {
  return host.toLowerCase() === 'localhost' || isLoopbackAddress(host);
}

/**
 * Whether a `Host` header (RFC 9110, section 7.2) has one of the three names that no foreign DNS server can point at this
 * machine, with any port. Nothing else is a loopback name, whatever it resolves to: a website that rebinds its own name to
 * 127.0.0.1 sends that name here.
 */
export function namesLoopback(hostHeader: string): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(hostHeader);
}
