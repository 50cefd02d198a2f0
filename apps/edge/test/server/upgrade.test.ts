import { once } from 'node:events';
import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { decideAccess } from '../../src/access/decide-access.ts';
import { knownKey } from '../../src/access/access-policy.ts';
import type { EdgeServerOptions } from '../../src/server/edge-server.ts';
import { TestEdge } from './test-edge.ts';

const key = 'clinic-key-0123456789';
const withKey: Partial<EdgeServerOptions> = {
  access: (request) => decideAccess({ kind: 'keys', keys: [knownKey({ tenant: 'clinic', key })] }, request),
};
const keyless: Partial<EdgeServerOptions> = {
  access: (request) => decideAccess({ kind: 'keyless', anyPeer: false }, request),
};

describe('an upgrade', () => {
  it("passes the client's identity to the core", async () => {
    await using edge = await TestEdge.start(withKey);
    const client = await edge.connect({ headers: { authorization: `Bearer ${key}` }, path: '/v1/stream?from=test' });
    expect(client.protocol).toBe('parley.v1');
    expect(edge.sockets[0]?.client).toEqual({ tenant: 'clinic', address: '127.0.0.1' });
  });

  it('never replies with the subprotocol that contains the key', async () => {
    await using edge = await TestEdge.start(withKey);
    const client = await edge.connect({ protocols: [`bearer.${key}`, 'parley.v1'] });
    expect(client.protocol).toBe('parley.v1');
    expect(edge.sockets[0]?.client.tenant).toBe('clinic');
  });

  it.each([
    ['without a key', {}, 401],
    ['with a wrong key', { headers: { authorization: 'Bearer wrong' } }, 401],
    ['for the key as the only subprotocol', { protocols: [`bearer.${key}`] }, 400],
    ['for another subprotocol', { protocols: ['parley.v2'], headers: { authorization: `Bearer ${key}` } }, 400],
    ['for no subprotocol', { protocols: [], headers: { authorization: `Bearer ${key}` } }, 400],
    ['at another path', { path: '/v1/streams', headers: { authorization: `Bearer ${key}` } }, 404],
    ['at the path with something after it', { path: '/v1/stream/', headers: { authorization: `Bearer ${key}` } }, 404],
  ])('is refused %s', async (_what, options, status) => {
    await using edge = await TestEdge.start(withKey);
    await expect(edge.connect(options)).rejects.toMatchObject({
      name: 'RefusedError',
      status,
      message: expect.stringContaining(`"statusCode":${status}`),
      wwwAuthenticate: status === 401 ? 'Bearer' : undefined,
    });
    expect(edge.sockets).toHaveLength(0);
  });

  it("is accepted from the edge's own page and local programs if there are no keys", async () => {
    await using edge = await TestEdge.start(keyless);
    await edge.connect();
    await edge.connect({ origin: edge.url });
    expect(edge.sockets).toHaveLength(2);
  });

  it.each([
    ['of a web page of another origin', { origin: 'https://evil.example' }],
    ['of a page on another port of this machine', { origin: 'http://127.0.0.1:3000' }],
    ['of a rebound name', { headers: { host: 'evil.example' }, origin: 'http://evil.example' }],
  ])('is refused without keys: %s', async (_what, options) => {
    await using edge = await TestEdge.start(keyless);
    await expect(edge.connect(options)).rejects.toMatchObject({ status: 403 });
    expect(edge.sockets).toHaveLength(0);
  });

  it('survives a peer that disconnects before its refusal is written', async () => {
    const peer = new Socket();
    await using edge = await TestEdge.start({
      access: () => {
        if (peer.destroyed) return { allowed: true, tenant: 'clinic' };
        peer.resetAndDestroy();
        return { allowed: false, status: 403, reason: 'not you', kind: 'address' };
      },
    });
    peer.connect(edge.server.port, '127.0.0.1');
    peer.write('GET /v1/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await once(peer, 'close');
    await edge.connect();
    expect(edge.sockets).toHaveLength(1);
  });
});
