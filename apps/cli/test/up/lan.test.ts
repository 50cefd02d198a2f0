import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { chooseLanAddress } from '../../src/up/lan-address.ts';
import { readOrCreateKey } from '../../src/up/kept-key.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

const at = (address: string, family: 'IPv4' | 'IPv6' = 'IPv4', internal = false): NetworkInterfaceInfo => ({
  address,
  family,
  internal,
  netmask: '',
  mac: '',
  cidr: null,
  scopeid: 0,
});

describe('chooseLanAddress', () => {
  it.each<[string, Record<string, NetworkInterfaceInfo[]>, string | undefined]>([
    [
      'no network',
      { lo: [at('127.0.0.1', 'IPv4', true)], eth0: [at('fe80::1', 'IPv6'), at('169.254.1.1')] },
      undefined,
    ],
    [
      'Wi-Fi',
      { lo: [at('127.0.0.1', 'IPv4', true)], wlan0: [at('fd00::1', 'IPv6'), at('192.168.1.5')] },
      '192.168.1.5',
    ],
    ['Docker first', { docker0: [at('172.17.0.1')], 'br-1f': [at('172.18.0.1')], en0: [at('10.1.2.3')] }, '10.1.2.3'],
    ['a public address first', { eth0: [at('203.0.113.7')], eth1: [at('172.20.0.4')] }, '172.20.0.4'],
    ['a tunnel with a private address', { utun3: [at('10.8.0.2')], eth0: [at('203.0.113.7')] }, '203.0.113.7'],
    ['only a tunnel', { tailscale0: [at('100.64.0.9')] }, '100.64.0.9'],
    ['only a public address', { eth0: [at('172.32.0.1')] }, '172.32.0.1'],
  ])('finds the address with %s', (_what, interfaces, expected) => {
    expect(chooseLanAddress(interfaces)).toBe(expected);
  });
});

it('replaces a key file that was written only in part', () => {
  using folder = new TemporaryFolder();
  const key = readOrCreateKey(folder.path, 'lan-key');
  expect(readOrCreateKey(folder.path, 'lan-key')).toBe(key);
  folder.write('lan-key', key.slice(0, 5));
  const next = readOrCreateKey(folder.path, 'lan-key');
  expect(next).toMatch(/^[\w-]{32}$/);
  expect(readOrCreateKey(folder.path, 'lan-key')).toBe(next);
});
