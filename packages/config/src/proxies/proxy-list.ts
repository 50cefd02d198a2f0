import { BlockList, isIPv4 } from 'node:net';
import { z } from 'zod';
import { canonicalAddress } from './ip-address.ts';

/** A range of addresses, in the form that `BlockList` expects. */
export interface AddressRange {
  readonly address: string;
  readonly prefix: number;
}

const range = (address: string, prefix: number): AddressRange => ({ address, prefix });

const named: Readonly<Record<string, readonly AddressRange[]>> = {
  loopback: [range('127.0.0.0', 8), range('::1', 128)],
  // RFC 1918, RFC 4193, and link-local addresses (RFC 3927, RFC 4291).
  private: [
    range('10.0.0.0', 8),
    range('172.16.0.0', 12),
    range('192.168.0.0', 16),
    range('fc00::', 7),
    range('169.254.0.0', 16),
    range('fe80::', 10),
  ],
};

/** Number of bits before the IPv4 address in an IPv4-mapped IPv6 address. */
const mappedBits = 96;

/** A prefix of 0 bits would trust every address. */
const shortestPrefix = 1;

/** `ADDRESS`, `ADDRESS/BITS`, or a name. */
function parseEntry(entry: string): readonly AddressRange[] | undefined {
  if (Object.hasOwn(named, entry)) return named[entry];
  const [, text = '', bits] = /^([0-9A-Fa-f.:]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(entry) ?? [];
  const address = canonicalAddress(text);
  if (address === undefined) return undefined;
  const isMapped = isIPv4(address) && text.includes(':');
  const longest = isIPv4(address) ? 32 : 128;
  const prefix = bits === undefined ? longest : Number(bits) - (isMapped ? mappedBits : 0);
  return prefix >= shortestPrefix && prefix <= longest ? [{ address, prefix }] : undefined;
}

/** Schema of `TRUSTED_PROXIES`: addresses, CIDR ranges, `loopback` and `private`, separated by commas. */
export const proxyListSchema = z.string().transform((list, context): readonly AddressRange[] => {
  const ranges = list.split(',').map((entry) => parseEntry(entry.trim()));
  if (ranges.every((range) => range !== undefined)) return ranges.flat();
  context.addIssue({ code: 'custom', message: 'is not a list of addresses and ranges' });
  return z.NEVER;
});

/** Creates a function that checks whether an address is in one of the ranges. */
export function addressMatcher(ranges: readonly AddressRange[]): (address: string) => boolean {
  const list = new BlockList();
  for (const { address, prefix } of ranges) list.addSubnet(address, prefix, isIPv4(address) ? 'ipv4' : 'ipv6');
  return (address) => {
    const canonical = canonicalAddress(address);
    return canonical !== undefined && list.check(canonical, isIPv4(canonical) ? 'ipv4' : 'ipv6');
  };
}
