import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { Allowances } from '../../src/limits/allowances.ts';
import { ReadingPace } from '../../src/server/reading-pace.ts';
import { TestEdge } from './test-edge.ts';

const kibibyte = 1024;
const listener = { access: () => ({ allowed: true, tenant: 'clinic', joinCode: 'CODE' }) as const };

describe('the pace of reading', () => {
  it('is bounded for a listener, whose connection stays open', async () => {
    await using edge = await TestEdge.start(listener);
    const client = await edge.connect();
    const count = 64;
    for (let sent = 0; sent < count; sent++) client.send('x'.repeat(4 * kibibyte));
    // The burst is 64 KiB; what exceeds it takes seconds.
    await edge.sockets[0]?.nth(15);
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
    expect(edge.sockets[0]?.heard.length).toBeLessThan(count);
    expect(client.readyState).toBe(client.OPEN);
  });

  it('does not slow a host down that sends much at once', async () => {
    await using edge = await TestEdge.start();
    const client = await edge.connect();
    for (let sent = 0; sent < 30; sent++) client.send('x'.repeat(60 * kibibyte));
    await edge.sockets[0]?.nth(30);
  });

  it('lets a client go on when it has waited', async () => {
    await using edge = await TestEdge.start(listener);
    const client = await edge.connect();
    for (let sent = 0; sent < 20; sent++) client.send('x'.repeat(4 * kibibyte));
    await edge.sockets[0]?.nth(20);
    client.send('after');
    await expect(edge.sockets[0]?.nth(21)).resolves.toMatchObject({ frame: 'after' });
  });

  it('counts more than the bytes of pings', async () => {
    await using edge = await TestEdge.start(listener);
    const client = await edge.connect();
    let pongs = 0;
    client.on('pong', () => (pongs += 1));
    // ws itself closes a connection that sends many more at once. The allowance is one of 64.
    for (const answered of [50, 65]) {
      for (let sent = 0; sent < 50; sent++) client.ping();
      while (pongs < answered) await once(client, 'pong');
    }
    client.send('after');
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);

    expect(edge.sockets[0]?.heard).toEqual([]);
    expect(client.readyState).toBe(client.OPEN);
  });

  it('lets a socket that is paused be closed', async () => {
    await using edge = await TestEdge.start(listener);
    const client = await edge.connect();
    for (let sent = 0; sent < 20; sent++) client.send('x'.repeat(4 * kibibyte));
    await edge.sockets[0]?.nth(16);
    const closed = once(client, 'close');
    edge.sockets[0]?.socket.close(4409, 'taken over');
    expect((await closed)[0]).toBe(4409);
  });

  it('is no faster for a client that connects again', async () => {
    await using edge = await TestEdge.start(listener);
    const client = await edge.connect();
    for (let sent = 0; sent < 15; sent++) client.send('x'.repeat(4 * kibibyte));
    await edge.sockets[0]?.nth(15);
    const closed = edge.sockets[0]?.nth(16);
    client.terminate();
    await expect(closed).resolves.toEqual({ event: 'closed' });
    const again = await edge.connect();
    for (let sent = 0; sent < 40; sent++) again.send('x'.repeat(4 * kibibyte));
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
    // What is read from a socket at once, less than 64 KiB. A new allowance is that much, and exceeded by what is read next.
    expect(edge.sockets[1]?.heard.length).toBeLessThan(16);
    expect(again.readyState).toBe(again.OPEN);
  });

  it('is kept while a socket closes whose client goes on sending', async () => {
    const options = { host: '127.0.0.1', port: 0, closeTimeout: 500 };
    const server = new WebSocketServer(options);
    await once(server, 'listening');
    const accepting = once(server, 'connection');
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    client.on('error', () => undefined);
    const [ws, { socket }] = (await accepting) as [WebSocket, { socket: Socket }];
    const allowances = new Allowances({ perSecond: 64 * kibibyte, burst: 64 * kibibyte });
    new ReadingPace(ws, socket, allowances.open('a', performance.now()));
    await once(client, 'open');

    const closed = once(ws, 'close');
    ws.close(4413);
    // It answers the closing only behind all of this.
    for (let sent = 0; sent < 128; sent++) client.send('x'.repeat(64 * kibibyte));
    await closed;
    expect(socket.bytesRead).toBeLessThan(1024 * kibibyte);
    client.terminate();
    server.close();
  });
});
