import { connect, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { textMessage } from '../text-message.ts';
import { closing, RecordedSocket, TestEdge } from './test-edge.ts';

describe('a socket', () => {
  it('receives only the close event after the core has closed it', async () => {
    await using edge = await TestEdge.start();
    const client = await edge.connect();
    const closed = closing(client);
    const recorded = edge.sockets[0];
    // Both are sent before the client can know about the closing.
    client.send('too late');
    client.send('too late as well');
    recorded?.socket.close(4409, 'taken over');
    await expect(closed).resolves.toEqual({ code: 4409, reason: 'taken over' });
    await recorded?.nth(1);
    recorded?.socket.send(textMessage('too late'));
    recorded?.socket.close(1000, 'again');
    expect(recorded?.heard).toEqual([{ event: 'closed' }]);
  });

  it('closes for the core when the peer vanishes', async () => {
    await using edge = await TestEdge.start();
    const client = await edge.connect();
    client.terminate();
    await expect(edge.sockets[0]?.nth(1)).resolves.toEqual({ event: 'closed' });
    expect(edge.logLines).toEqual([]);
  });

  it('is terminated after two unanswered pings; others stay open', async () => {
    await using edge = await TestEdge.start({ heartbeatIntervalMs: 40 });
    const answering = await edge.connect();
    let pings = 0;
    answering.on('ping', () => (pings += 1));
    const silent = await edge.connect({ autoPong: false });
    await expect(closing(silent)).resolves.toEqual({ code: 4408, reason: 'no reply to pings' });
    await expect(edge.sockets[1]?.nth(1)).resolves.toEqual({ event: 'closed' });
    // Well after the time of termination if its pongs had not counted.
    while (pings < 6) await once(answering, 'ping');
    expect(answering.readyState).toBe(answering.OPEN);
    expect(edge.sockets[0]?.heard).toEqual([]);
  });

  it('is terminated when its peer is connected but does not read', async () => {
    await using edge = await TestEdge.start({ heartbeatIntervalMs: 40, closeTimeoutMs: 20_000 });
    const client = await edge.connect();
    client.pause();
    await expect(edge.sockets[0]?.nth(1)).resolves.toEqual({ event: 'closed' });
  }, 10_000);

  it('is terminated when its peer is unreachable', async () => {
    await using edge = await TestEdge.start({ heartbeatIntervalMs: 40 });
    // Accepts what the edge sends and forwards nothing: to the edge the connection seems open.
    const network = createServer((peer) => {
      const toEdge = connect(edge.server.port, '127.0.0.1');
      toEdge.on('error', () => undefined).pipe(peer, { end: false });
      peer.on('error', () => undefined).pipe(toEdge, { end: false });
      peer.on('close', () => toEdge.unpipe().resume());
    });
    network.listen(0, '127.0.0.1');
    await once(network, 'listening');
    const { port } = network.address() as AddressInfo;
    const client = new WebSocket(`ws://127.0.0.1:${port}/v1/stream`, 'parley.v1');
    await once(client, 'open');
    await once(client, 'ping');
    client.terminate();
    await expect(edge.sockets[0]?.nth(1)).resolves.toEqual({ event: 'closed' });
    network.close();
    await once(network, 'close');
  });

  it('fails alone and is logged once without content when the core throws', async () => {
    const secret = 'the patient said';
    await using edge = await TestEdge.start({
      opened: (socket, client) => {
        const recorded = new RecordedSocket(socket, client);
        edge.sockets.push(recorded);
        return {
          message: (frame) => void JSON.parse(frame),
          frameRejected: () => undefined,
          drained: () => undefined,
          closed: () => {
            recorded.record({ event: 'closed' });
            throw new Error(secret);
          },
        };
      },
    });
    const [failing, other] = [await edge.connect(), await edge.connect()];
    const closed = closing(failing);
    failing.send(secret);
    failing.send(secret);
    await expect(closed).resolves.toEqual({ code: 1011, reason: 'internal error' });
    await expect(edge.sockets[0]?.nth(1)).resolves.toEqual({ event: 'closed' });
    expect(other.readyState).toBe(other.OPEN);
    expect(edge.logLines).toHaveLength(1);
    expect(JSON.parse(edge.logLines[0] ?? '')).toMatchObject({
      msg: 'socket failed; closing it',
      errorName: 'SyntaxError',
      tenant: 'clinic',
      errorAt: expect.arrayContaining([expect.stringContaining('attach-socket.ts')]),
    });
    expect(edge.logLines[0]).not.toContain('patient');
  });

  it('fails alone when the core can not open it', async () => {
    await using edge = await TestEdge.start({
      opened: () => {
        throw new Error('no room');
      },
    });
    const client = await edge.connect();
    await expect(closing(client)).resolves.toEqual({ code: 1011, reason: 'internal error' });
    expect(edge.logLines).toHaveLength(1);
  });

  it('fails alone after an invalid WebSocket frame', async () => {
    await using edge = await TestEdge.start();
    const other = await edge.connect();
    const peer = connect(edge.server.port, '127.0.0.1');
    peer.write(
      'GET /v1/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: parley.v1\r\n\r\n',
    );
    await once(peer, 'data');
    peer.end('no frame at all');
    await expect(edge.sockets[1]?.nth(1)).resolves.toEqual({ event: 'closed' });
    expect(edge.refusals).toEqual(['protocol-error']);
    expect(other.readyState).toBe(other.OPEN);
  });
});
