import { describe, expect, it } from '@jest/globals';
import { knownKey } from '../../src/access/access-policy.ts';
import { decideAccess } from '../../src/access/decide-access.ts';
import { TestEdge } from './test-edge.ts';

const key = 'clinic-key-0123456789';
const withKey = () =>
  TestEdge.start({
    access: (request) => decideAccess({ kind: 'keys', keys: [knownKey({ tenant: 'clinic', key })] }, request),
  });
const keyless = () =>
  TestEdge.start({ access: (request) => decideAccess({ kind: 'keyless', anyPeer: false }, request) });

describe('a GET of the stream path', () => {
  it.each([
    ['400 without the subprotocol of the protocol', `bearer.${key}`, 400],
    ['401 for an unknown key', 'parley.v1, bearer.wrong', 401],
    ['401 without a key', 'parley.v1', 401],
    ['426 if an upgrade would be accepted', `parley.v1, bearer.${key}`, 426],
  ])('is answered like an upgrade with the same subprotocols: %s', async (_what, protocols, status) => {
    await using edge = await withKey();
    const response = await fetch(`${edge.url}/v1/stream`, { headers: { 'x-websocket-protocol': protocols } });
    expect([response.status, await response.json()]).toEqual([
      status,
      expect.objectContaining({ statusCode: status, message: expect.any(String) as unknown }),
    ]);
    expect(edge.sockets).toHaveLength(0);
  });

  it('may be read by a page of another origin, also if that is refused', async () => {
    await using edge = await keyless();
    const origin = 'https://page.example';
    const preflight = await fetch(`${edge.url}/v1/stream`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-headers': 'x-websocket-protocol',
        'access-control-request-method': 'GET',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('x-websocket-protocol');
    const response = await fetch(`${edge.url}/v1/stream`, { headers: { origin, 'x-websocket-protocol': 'parley.v1' } });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([403, '*']);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('is answered with 503 if access cannot be checked', async () => {
    await using edge = await TestEdge.start({ access: () => Promise.reject(new Error('a detail')) });
    const response = await fetch(`${edge.url}/v1/stream`, { headers: { 'x-websocket-protocol': 'parley.v1' } });
    expect(response.status).toBe(503);
    await expect(response.text()).resolves.not.toContain('a detail');
  });
});
