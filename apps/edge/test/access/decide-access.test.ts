import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import type { AccessPolicy } from '../../src/access/access-policy.ts';
import { decideAccess } from '../../src/access/decide-access.ts';
import { knownKey } from '../../src/access/access-policy.ts';

const keyOfClinic = 'clinic-key-0123456789';
const secondKeyOfClinic = 'clinic-key-9876543210';
const keyOfChurch = 'church-key-0123456789';
const keys: AccessPolicy = {
  kind: 'keys',
  keys: [
    knownKey({ tenant: 'clinic', key: keyOfClinic }),
    knownKey({ tenant: 'clinic', key: secondKeyOfClinic }),
    knownKey({ tenant: 'church', key: keyOfChurch }),
  ],
};
const keyless: AccessPolicy = { kind: 'keyless', anyPeer: false };
const keylessAnyPeer: AccessPolicy = { kind: 'keyless', anyPeer: true };

function outcome(policy: AccessPolicy, headers: IncomingHttpHeaders, remoteAddress: string): string | number {
  const decision = decideAccess(policy, { headers, remoteAddress });
  return decision.allowed ? decision.tenant : decision.status;
}

describe('with API keys', () => {
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
  const protocols = (list: string) => ({ 'sec-websocket-protocol': list });
  const cases: [what: string, headers: IncomingHttpHeaders, expected: string | number][] = [
    ['a header with a known key', bearer(keyOfClinic), 'clinic'],
    ["a tenant's second key", bearer(secondKeyOfClinic), 'clinic'],
    ["another tenant's key", bearer(keyOfChurch), 'church'],
    ['a scheme in another case', { authorization: `bEARER ${keyOfClinic}` }, 'clinic'],
    ['more spaces round the key', { authorization: `  Bearer   ${keyOfClinic}  ` }, 'clinic'],
    ['a subprotocol with a known key', protocols(`parley.v1, bearer.${keyOfClinic}`), 'clinic'],
    ['the subprotocols in the other order, without spaces', protocols(`bearer.${keyOfChurch},parley.v1`), 'church'],
    [
      'header and subprotocol: the header wins',
      { ...bearer(keyOfChurch), ...protocols(`bearer.${keyOfClinic}`) },
      'church',
    ],
    [
      'a bad header is not mended by a good subprotocol',
      { ...bearer('wrong'), ...protocols(`bearer.${keyOfClinic}`) },
      401,
    ],
    [
      "a proxy's own login beside a good subprotocol",
      { authorization: 'Basic dXNlcjpwYXNz', ...protocols(`parley.v1, bearer.${keyOfClinic}`) },
      'clinic',
    ],
    ['a page of another origin with a known key', { ...bearer(keyOfClinic), origin: 'https://example.com' }, 'clinic'],
    ['any Host with a known key', { ...bearer(keyOfClinic), host: 'captions.example.com' }, 'clinic'],
    ['no key', protocols('parley.v1'), 401],
    ['no key, from loopback by its own name', { host: 'localhost:8787' }, 401],
    ['an unknown key', bearer('unknown-key-0123456789'), 401],
    ['the beginning of a key', bearer(keyOfClinic.slice(0, -1)), 401],
    ['a key with something after it', bearer(`${keyOfClinic}0`), 401],
    ['a key in another case', bearer(keyOfClinic.toUpperCase()), 401],
    ['a header without a key', { authorization: 'Bearer' }, 401],
    ['a header with spaces for a key', { authorization: 'Bearer   ' }, 401],
    ['a header with two keys', bearer(`${keyOfClinic} ${keyOfChurch}`), 401],
    ['the key without a scheme', { authorization: keyOfClinic }, 401],
    ['a subprotocol without a key', protocols('parley.v1, bearer.'), 401],
    ['two bearer subprotocols', protocols(`parley.v1, bearer.${keyOfClinic}, bearer.${keyOfChurch}`), 401],
    ['a subprotocol whose prefix is in another case', protocols(`parley.v1, Bearer.${keyOfClinic}`), 401],
    ['an empty list of subprotocols', protocols(''), 401],
  ];
  it.each(cases)('%s', (_what, headers, expected) => {
    expect(outcome(keys, headers, '203.0.113.7')).toBe(expected);
  });

  it('never includes a presented key in its reply', () => {
    expect(
      JSON.stringify(decideAccess(keys, { headers: bearer('unknown-key-0123456789'), remoteAddress: '::1' })),
    ).not.toContain('unknown-key');
  });
});

describe('without API keys', () => {
  const host = 'localhost:8787';
  const cases: [what: string, headers: IncomingHttpHeaders, remoteAddress: string, expected: string | number][] = [
    ['this machine, by name', { host }, '127.0.0.1', 'default'],
    ['this machine, by name in another case', { host: 'LocalHost:8787' }, '127.0.0.1', 'default'],
    ['this machine, by address', { host: '127.0.0.1:8787' }, '127.0.0.1', 'default'],
    ['this machine, by IPv6 address', { host: '[::1]:8787' }, '::1', 'default'],
    ['a Host without a port', { host: 'localhost' }, '127.0.0.1', 'default'],
    ['an IPv4 peer inside IPv6', { host }, '::ffff:127.0.0.1', 'default'],
    ['another loopback address as peer', { host }, '127.8.9.10', 'default'],
    [
      'an API key where none is configured',
      { host, authorization: 'Bearer some-key-0123456789' },
      '127.0.0.1',
      'default',
    ],
    ["the edge's own page", { host, origin: 'http://localhost:8787' }, '127.0.0.1', 'default'],
    [
      "the edge's own page, hosts in unlike case",
      { host: 'LOCALHOST:8787', origin: 'http://localhost:8787' },
      '::1',
      'default',
    ],
    ["the edge's own page by IPv6", { host: '[::1]:8787', origin: 'http://[::1]:8787' }, '::1', 'default'],
    [
      "the edge's own page on the scheme's port",
      { host: 'localhost:80', origin: 'http://localhost' },
      '::1',
      'default',
    ],
    ["the edge's own page behind TLS", { host: 'localhost', origin: 'https://localhost:443' }, '::1', 'default'],
    ['a peer elsewhere', { host }, '192.0.2.5', 403],
    ['an IPv6 peer elsewhere', { host }, '2001:db8::5', 403],
    ['an IPv4 peer elsewhere inside IPv6', { host }, '::ffff:192.0.2.5', 403],
    ['a peer without an address', { host }, '', 403],
    ['no Host', {}, '127.0.0.1', 403],
    ['an empty Host', { host: '' }, '127.0.0.1', 403],
    ['a rebound name', { host: 'evil.example:8787' }, '127.0.0.1', 403],
    ['a rebound name that ends like ours', { host: 'evil-localhost:8787' }, '127.0.0.1', 403],
    ['a rebound name that begins like ours', { host: 'localhost.evil.com:8787' }, '127.0.0.1', 403],
    ['a name that holds our address', { host: '127.0.0.1.nip.io:8787' }, '127.0.0.1', 403],
    ['a rebound name whose page asks', { host: 'evil.example', origin: 'http://evil.example' }, '127.0.0.1', 403],
    ['a Host with a user', { host: 'evil@localhost:8787' }, '127.0.0.1', 403],
    ['a Host with a path', { host: 'localhost:8787/evil' }, '127.0.0.1', 403],
    ['a Host with a space', { host: 'localhost :8787' }, '127.0.0.1', 403],
    ['a LAN address as Host', { host: '192.168.1.10:8787' }, '127.0.0.1', 403],
    ['a page elsewhere', { host, origin: 'https://evil.example' }, '127.0.0.1', 403],
    ['a page whose name begins like ours', { host, origin: 'http://localhost.evil.com' }, '127.0.0.1', 403],
    [
      'a page whose name begins like ours, our port',
      { host, origin: 'http://localhost.evil.com:8787' },
      '127.0.0.1',
      403,
    ],
    ['a page whose name holds our address', { host, origin: 'http://127.0.0.1.nip.io:8787' }, '127.0.0.1', 403],
    ['a page on another port of this machine', { host, origin: 'http://localhost:3000' }, '127.0.0.1', 403],
    ["a page on the scheme's port of this machine", { host, origin: 'http://localhost' }, '127.0.0.1', 403],
    ['a page by another name of this machine', { host, origin: 'http://127.0.0.1:8787' }, '127.0.0.1', 403],
    ['an opaque origin', { host, origin: 'null' }, '127.0.0.1', 403],
    ['an empty origin', { host, origin: '' }, '127.0.0.1', 403],
    ['a file', { host, origin: 'file://' }, '127.0.0.1', 403],
    ['an extension', { host, origin: 'chrome-extension://localhost:8787' }, '127.0.0.1', 403],
    ['an origin with a user', { host, origin: 'http://evil.example@localhost:8787' }, '127.0.0.1', 403],
    ['an origin with a path', { host, origin: 'http://localhost:8787/evil' }, '127.0.0.1', 403],
    ['two origins', { host, origin: 'http://localhost:8787 http://evil.example' }, '127.0.0.1', 403],
  ];
  it.each(cases)('%s', (_what, headers, remoteAddress, expected) => {
    expect(outcome(keyless, headers, remoteAddress)).toBe(expected);
  });

  const publishedOnLoopback: typeof cases = [
    ["a container's gateway as peer", { host }, '172.17.0.1', 'default'],
    ['its own page', { host, origin: 'http://localhost:8787' }, '172.17.0.1', 'default'],
    ['a peer without an address', { host }, '', 'default'],
    ['a rebound name', { host: 'evil.example:8787' }, '172.17.0.1', 403],
    ['a LAN address as Host', { host: '192.168.1.10:8787' }, '192.168.1.77', 403],
    ['a page elsewhere', { host, origin: 'https://evil.example' }, '172.17.0.1', 403],
    ['no Host', {}, '172.17.0.1', 403],
  ];
  it.each(publishedOnLoopback)('published on loopback: %s', (_what, headers, remoteAddress, expected) => {
    expect(outcome(keylessAnyPeer, headers, remoteAddress)).toBe(expected);
  });
});
