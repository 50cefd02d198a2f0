import { describe, expect, it } from '@jest/globals';
import { canonicalAddress, clientAddressBehind, forwardingHeader, loadConfig } from '../src/index.ts';

const clientAddress = (list: string) =>
  clientAddressBehind(loadConfig({ TRUSTED_PROXIES: list }).TRUSTED_PROXIES ?? []);

describe('clientAddressBehind', () => {
  const trusted = 'loopback, private, 2001:db8:ffff::/48, ::ffff:198.51.100.0/120';
  const cases: [what: string, peer: string, headers: Record<string, string>, expected: string][] = [
    ['no header', '127.0.0.1', {}, '127.0.0.1'],
    ['a peer that is not trusted', '203.0.113.9', { 'x-forwarded-for': '192.0.2.1' }, '203.0.113.9'],
    ['a mapped peer', '::ffff:127.0.0.1', { 'x-forwarded-for': '192.0.2.1' }, '192.0.2.1'],
    ['an entry forged by the client', '127.0.0.1', { 'x-forwarded-for': '10.9.9.9, 192.0.2.1' }, '192.0.2.1'],
    ['a chain of proxies', '127.0.0.1', { 'x-forwarded-for': '6.6.6.6, 192.0.2.1, 10.0.0.2,10.0.0.1' }, '192.0.2.1'],
    ['only proxies', '127.0.0.1', { 'x-forwarded-for': '10.0.0.3, 10.0.0.2' }, '10.0.0.3'],
    ['an unreadable entry', '127.0.0.1', { 'x-forwarded-for': '192.0.2.1, not-an-address, 10.0.0.2' }, '10.0.0.2'],
    ['an empty entry', '127.0.0.1', { 'x-forwarded-for': '192.0.2.1,, 10.0.0.2' }, '10.0.0.2'],
    ['ports', '127.0.0.1', { 'x-forwarded-for': '192.0.2.1:4711' }, '192.0.2.1'],
    ['IPv6 in brackets', '::1', { 'x-forwarded-for': '[2001:DB8:0::1]:4711' }, '2001:db8::1'],
    ['bare IPv6', 'fc00::1', { 'x-forwarded-for': '2001:db8::1' }, '2001:db8::1'],
    ['a trusted range of IPv6', '2001:db8:ffff::5', { 'x-forwarded-for': '2001:db8::1' }, '2001:db8::1'],
    ['a trusted range written as mapped', '198.51.100.7', { 'x-forwarded-for': '192.0.2.1' }, '192.0.2.1'],
    ['a mapped client', '127.0.0.1', { 'x-forwarded-for': '::ffff:192.0.2.1' }, '192.0.2.1'],
    ['Forwarded', '127.0.0.1', { forwarded: 'for=6.6.6.6, For="192.0.2.1:80";proto=https;by=10.0.0.1' }, '192.0.2.1'],
    ['Forwarded with IPv6', '127.0.0.1', { forwarded: 'proto=http; for="[2001:db8::1]:4711"' }, '2001:db8::1'],
    ['Forwarded, obfuscated', '127.0.0.1', { forwarded: 'for=192.0.2.1, for=_hidden' }, '127.0.0.1'],
    ['Forwarded, unknown', '127.0.0.1', { forwarded: 'for=unknown' }, '127.0.0.1'],
    ['Forwarded with a comma in quotes', '127.0.0.1', { forwarded: 'for="192.0.2.1, 6.6.6.6"' }, '127.0.0.1'],
    ['X-Real-IP', '127.0.0.1', { 'x-real-ip': '192.0.2.1' }, '192.0.2.1'],
    [
      'X-Real-IP and X-Forwarded-For',
      '127.0.0.1',
      { 'x-real-ip': '6.6.6.6', 'x-forwarded-for': '192.0.2.1' },
      '192.0.2.1',
    ],
    ['both lists, equal', '127.0.0.1', { forwarded: 'for=192.0.2.1', 'x-forwarded-for': '192.0.2.1' }, '192.0.2.1'],
    ['both lists, different', '127.0.0.1', { forwarded: 'for=6.6.6.6', 'x-forwarded-for': '192.0.2.1' }, '127.0.0.1'],
  ];
  it.each(cases)('%s', (_, peer, headers, expected) => {
    expect(clientAddress(trusted)(peer, headers)).toBe(expected);
  });

  it('reads only the end of a very long list', () => {
    const header = `${'10.0.0.1, '.repeat(1500)}192.0.2.1, 10.0.0.2`;
    expect(clientAddress(trusted)('127.0.0.1', { 'x-forwarded-for': header })).toBe('192.0.2.1');
  });

  it('returns the peer when no proxy is trusted', () => {
    expect(clientAddressBehind([])('127.0.0.1', { 'x-forwarded-for': '192.0.2.1' })).toBe('127.0.0.1');
  });

  it.each([
    '10.0.0.0/0',
    '::/0',
    '10.0.0.1/33',
    '::1/129',
    'proxy.example',
    '10.0.0.1,,',
    'constructor',
    '10.0.0.1/08',
  ])('rejects the list %s', (list) => expect(() => clientAddress(list)).toThrow('TRUSTED_PROXIES'));
});

describe('forwardingHeader', () => {
  it.each([
    'forwarded',
    'via',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-real-ip',
    'x-client-ip',
    'x-cluster-client-ip',
    'x-original-forwarded-for',
    'true-client-ip',
    'cf-connecting-ip',
    'cf-ray',
    'fly-client-ip',
  ])('recognizes %s', (name) => {
    expect(forwardingHeader({ host: 'localhost', [name]: '' })).toBe(name);
  });

  it('ignores headers that browsers send', () => {
    const headers = { host: 'localhost', origin: 'http://localhost', 'user-agent': 'x', 'x-requested-with': 'y' };
    expect(forwardingHeader(headers)).toBeUndefined();
  });
});

it.each([
  ['::FFFF:192.0.2.1', '192.0.2.1'],
  ['::ffff:c000:201', '192.0.2.1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['192.0.2', undefined],
])('canonicalAddress turns %s into %s', (text, expected) => {
  expect(canonicalAddress(text)).toBe(expected);
});
