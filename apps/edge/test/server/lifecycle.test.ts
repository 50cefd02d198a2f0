import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { PortTakenError } from '../../src/server/edge-server.ts';
import { closing, TestEdge } from './test-edge.ts';

describe('close', () => {
  it('closes every socket with 1012, notifies the core, and releases the port', async () => {
    await using edge = await TestEdge.start();
    const { port } = edge.server;
    const clients = [await edge.connect(), await edge.connect()];
    const closed = clients.map(closing);
    await edge.server.close();
    await expect(Promise.all(closed)).resolves.toEqual([
      { code: 1012, reason: 'the edge is going away' },
      { code: 1012, reason: 'the edge is going away' },
    ]);
    expect(edge.sockets.map(({ heard }) => heard)).toEqual([[{ event: 'closed' }], [{ event: 'closed' }]]);
    await using next = await TestEdge.start({ port });
    expect(next.server.port).toBe(port);
  });

  it('returns the same promise again', async () => {
    await using edge = await TestEdge.start();
    expect(edge.server.close()).toBe(edge.server.close());
  });

  it('terminates a peer that does not answer the closing handshake', async () => {
    await using edge = await TestEdge.start({ closeTimeoutMs: 50 });
    const client = await edge.connect();
    client.pause();
    await edge.server.close();
    expect(edge.sockets[0]?.heard).toEqual([{ event: 'closed' }]);
  }, 10_000);

  it('terminates an HTTP request without a response', async () => {
    const requested = Promise.withResolvers<undefined>();
    const checkRedis = () => {
      requested.resolve(undefined);
      return Promise.withResolvers<string>().promise;
    };
    await using edge = await TestEdge.start({ closeTimeoutMs: 50, checkRedis });
    const answer = expect(fetch(`${edge.url}/readyz`)).rejects.toThrow('fetch failed');
    await requested.promise;
    await edge.server.close();
    await answer;
  }, 10_000);

  it('does not wait for connections that never sent a request, nor for idle ones', async () => {
    await using edge = await TestEdge.start({ closeTimeoutMs: 60_000 });
    const unused = connect(edge.server.port, '127.0.0.1');
    await once(unused, 'connect');
    await (await fetch(`${edge.url}/healthz`)).text();
    const cut = once(unused, 'close');
    await edge.server.close();
    await cut;
  }, 10_000);

  it('refuses upgrades with 503 and is not ready while sockets are closing', async () => {
    await using edge = await TestEdge.start({ closeTimeoutMs: 20_000 });
    const slow = await edge.connect();
    slow.pause();
    const closed = edge.server.close();
    await expect(edge.connect()).rejects.toMatchObject({
      status: 503,
      message: expect.stringContaining('going away'),
    });
    const response = await fetch(`${edge.url}/readyz`);
    expect(response.status).toBe(503);
    await expect(response.json()).resolves.toEqual({ status: 'unavailable', checks: { server: 'closing' } });
    expect((await fetch(`${edge.url}/healthz`)).status).toBe(200);
    slow.resume();
    await closed;
    expect(edge.sockets).toHaveLength(1);
  });
});

describe('start', () => {
  it('rejects with PortTakenError if the port is taken', async () => {
    await using edge = await TestEdge.start();
    const { port } = edge.server;
    const second = TestEdge.start({ port });
    await expect(second).rejects.toBeInstanceOf(PortTakenError);
    await expect(second).rejects.toMatchObject({ port, message: expect.stringContaining(`port ${port} on 127.0.0.1`) });
  });

  it('rejects with other errors unchanged', async () => {
    await expect(TestEdge.start({ host: '203.0.113.1' })).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });
});
