import { describe, expect, it } from '@jest/globals';
import { knownKey, tokenSignerOf, type AccessPolicy } from '../../src/access/access-policy.ts';
import { decideCredential } from '../../src/access/decide-token.ts';
import { signToken, type TokenGrant } from '../../src/access/token.ts';

const nowMs = Date.UTC(2030, 0, 1);
const first = { tenant: 'clinic', key: 'clinic-key-0123456789' };
const second = { tenant: 'clinic', key: 'clinic-key-new-123456' };
const keys = (...apiKeys: (typeof first)[]): AccessPolicy => ({ kind: 'keys', keys: apiKeys.map(knownKey) });
const keyless: AccessPolicy = { kind: 'keyless', anyPeer: false };

async function tokenOf(policy: AccessPolicy, key: string | undefined, grant: Omit<TokenGrant, 'tenant'>) {
  const signer = tokenSignerOf(policy, key);
  if (signer === undefined) throw new Error('the key is unknown');
  return signToken(signer, grant, nowMs + 60_000);
}

const decide = (policy: AccessPolicy, bearer: string, atMs = nowMs, headers: Record<string, string> = {}) => {
  const request = { host: 'localhost', 'sec-websocket-protocol': `parley.v1, bearer.${bearer}`, ...headers };
  return decideCredential({ headers: request, remoteAddress: '127.0.0.1' }, { policy, nowMs: atMs });
};

describe('decideCredential', () => {
  it('I40: accepts a token of each key of its tenant until it expires', async () => {
    const policy = keys(first, second);
    for (const { key } of [first, second]) {
      const token = await tokenOf(policy, key, { scope: 'listen', sessionId: 's' });
      const granted = { tenant: 'clinic', scope: 'listen', sessionId: 's' };
      expect(await decide(policy, token)).toEqual({ allowed: true, tenant: 'clinic', token: granted });
      expect(await decide(policy, token, nowMs + 59_999)).toMatchObject({ allowed: true });
      expect(await decide(policy, token, nowMs + 60_000)).toMatchObject({ allowed: false, status: 401 });
    }
  });

  it('I40: accepts an expired token to speak, but not one to listen, for as long as it may resume a session', async () => {
    const resumableMs = 5000;
    const at = (token: string, atMs: number) => {
      const headers = { authorization: `Bearer ${token}` };
      const context = { policy: keys(first), nowMs: nowMs + 60_000 + atMs, resumableMs };
      return decideCredential({ headers, remoteAddress: '' }, context);
    };
    const speak = await tokenOf(keys(first), first.key, { scope: 'speak' });
    expect(await at(speak, -1)).toEqual({
      allowed: true,
      tenant: 'clinic',
      token: { tenant: 'clinic', scope: 'speak' },
    });
    for (const atMs of [0, 4999]) expect(await at(speak, atMs)).toMatchObject({ token: { hasExpired: true } });
    expect(await at(speak, 5000)).toMatchObject({ allowed: false, status: 401 });
    const listen = await tokenOf(keys(first), first.key, { scope: 'listen' });
    expect(await at(listen, -1)).toMatchObject({ allowed: true });
    expect(await at(listen, 0)).toMatchObject({ allowed: false, status: 401 });
  });

  it('I40: rejects the tokens of a key that was removed, and of a key that another tenant has now', async () => {
    const token = await tokenOf(keys(first), first.key, { scope: 'speak' });
    expect(await decide(keys(second), token)).toMatchObject({ status: 401 });
    expect(await decide(keys({ ...first, tenant: 'church' }), token)).toMatchObject({ status: 401 });
  });

  it('accepts keys as before, even one with the form of a token', async () => {
    const odd = { tenant: 'clinic', key: 'eyJodd.eyJkey.here-x' };
    expect(await decide(keys(odd), odd.key)).toEqual({ allowed: true, tenant: 'clinic' });
    expect(await decide(keys(first), 'not-a-known-key-00000')).toMatchObject({ reason: 'the API key is unknown' });
  });

  it('restricts a client that needs no key to its token, and forgives any other key', async () => {
    const token = await tokenOf(keyless, undefined, { scope: 'listen' });
    expect(await decide(keyless, token)).toMatchObject({ allowed: true, token: { scope: 'listen' } });
    expect(await decide(keyless, token, nowMs + 60_000)).toMatchObject({ status: 401 });
    expect(await decide(keyless, 'some-key')).toEqual({ allowed: true, tenant: 'default' });
    expect(await decide(keyless, token, nowMs, { origin: 'https://evil.test' })).toMatchObject({ status: 403 });
    expect(await decide(keys(first), token)).toMatchObject({ status: 401 });
  });
});
