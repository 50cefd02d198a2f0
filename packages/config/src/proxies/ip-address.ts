import { isIP } from 'node:net';

const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * Returns an IP address in canonical form for comparison: an IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) as IPv4, any
 * other IPv6 address as in RFC 5952, without its zone. `undefined` if the text is not an address.
 */
export function canonicalAddress(text: string): string | undefined {
  const [address = ''] = text.split('%', 1);
  const version = isIP(address);
  if (version === 4) return address;
  if (version === 0) return undefined;
  const normalized = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = mapped.exec(normalized) ?? [];
  if (high === undefined || low === undefined) return normalized;
  const [first, second] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [first >> 8, first & 255, second >> 8, second & 255].join('.');
}
