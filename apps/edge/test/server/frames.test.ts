import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { textMessage } from '../text-message.ts';
import { closing, TestEdge } from './test-edge.ts';

const mebibyte = 1024 * 1024;

describe('frames', () => {
  it('passes text frames to the core in order, with their arrival time', async () => {
    await using edge = await TestEdge.start();
    const client = await edge.connect();
    const before = Date.now();
    for (const frame of ['one', 'zwei', '三']) client.send(frame);
    await edge.sockets[0]?.nth(3);
    const heard = edge.sockets[0]?.heard ?? [];
    expect(heard).toMatchObject([{ frame: 'one' }, { frame: 'zwei' }, { frame: '三' }]);
    for (const item of heard) {
      if (item.event !== 'message') throw new Error('only messages were sent');
      expect(item.receivedAtMs).toBeGreaterThanOrEqual(before);
      expect(item.receivedAtMs).toBeLessThanOrEqual(Date.now());
    }
  });

  it("sends the core's frames uncompressed", async () => {
    await using edge = await TestEdge.start();
    const client = await edge.connect({ perMessageDeflate: true });
    expect(client.extensions).toBe('');
    const received = once(client, 'message');
    edge.sockets[0]?.socket.send(textMessage('{"type":"pong"}'));
    const [data, isBinary] = (await received) as [Buffer, boolean];
    expect([data.toString(), isBinary]).toEqual(['{"type":"pong"}', false]);
  });

  it('rejects a text of four times the limit and keeps the connection', async () => {
    await using edge = await TestEdge.start();
    const client = await edge.connect();
    client.send('x'.repeat(256 * 1024));
    client.send('after');
    await edge.sockets[0]?.nth(2);
    expect(edge.sockets[0]?.heard).toMatchObject([
      { event: 'rejected', code: 'frame-too-large', message: 'the frame has 262144 bytes; at most 65536 are allowed' },
      { event: 'message', frame: 'after' },
    ]);
    expect(client.readyState).toBe(client.OPEN);
  });

  it.each<[string, string | undefined, (text: string) => string]>([
    ['first', 'a', (text) => `{ "id": "a", "type": "transcript.final", "text": "${text}" }`],
    ['after the type', '12', (text) => JSON.stringify({ type: 'transcript.final', id: 12, text })],
    ['last', 'é', (text) => JSON.stringify({ type: 'transcript.final', text, id: 'é' })],
    [
      'in what is said alone',
      undefined,
      (text) => JSON.stringify({ type: 'transcript.final', text: text + ',"id":"a"}' }),
    ],
    ['in a part alone', undefined, (text) => JSON.stringify({ text, glossary: [{ source: 'x', id: 'a' }] })],
    ['in the midst', undefined, (text) => JSON.stringify({ text, id: 'a', more: text })],
    ['too long to be one', undefined, (text) => JSON.stringify({ id: text, text })],
    ['cut short', undefined, (text) => `{"type":"transcript.final","id":"a${text}`],
  ])('I14: names the message of a too large frame if its id is %s', async (_where, causedBy, frame) => {
    await using edge = await TestEdge.start({ maxFrameBytes: 2048 });
    const client = await edge.connect();
    client.send(frame('é'.repeat(1500)));
    await edge.sockets[0]?.nth(1);
    expect(edge.sockets[0]?.heard).toMatchObject([{ event: 'rejected', code: 'frame-too-large', causedBy }]);
  });

  it('counts bytes and accepts a frame of exactly the limit', async () => {
    await using edge = await TestEdge.start({ maxFrameBytes: 1024 });
    const client = await edge.connect();
    client.send('é'.repeat(512));
    client.send('é'.repeat(512) + 'x');
    await edge.sockets[0]?.nth(2);
    expect(edge.sockets[0]?.heard).toMatchObject([
      { event: 'message' },
      { event: 'rejected', code: 'frame-too-large' },
    ]);
  });

  it('counts a fragmented message as one', async () => {
    await using edge = await TestEdge.start({ maxFrameBytes: 1024 });
    const client = await edge.connect();
    client.send('x'.repeat(1000), { fin: false });
    client.send('x'.repeat(1000), { fin: true });
    await expect(edge.sockets[0]?.nth(1)).resolves.toMatchObject({ event: 'rejected', code: 'frame-too-large' });
  });

  it('closes with 4413 after a frame of more than four times the limit', async () => {
    await using edge = await TestEdge.start();
    const client = await edge.connect();
    const closed = closing(client);
    client.on('error', () => undefined);
    client.send('x'.repeat(256 * 1024 + 1));
    await expect(closed).resolves.toEqual({ code: 4413, reason: 'the frame is too large' });
    await expect(edge.sockets[0]?.nth(1)).resolves.toEqual({ event: 'closed' });
    expect(edge.refusals).toEqual(['frame-too-large']);
    expect(edge.logLines).toEqual([]);
  });

  it.each([
    ['a frame that is not masked', Buffer.from([0x81, 0x01, 0x61]), 1002],
    ['a text that is not UTF-8', Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff]), 1007],
  ])('closes after %s, and counts it instead of warning', async (_what, bytes, code) => {
    await using edge = await TestEdge.start();
    const client = await edge.connect();
    const closed = closing(client);
    // The connection below the WebSocket, which itself sends only valid frames.
    (client as unknown as { _socket: Socket })._socket.write(bytes);
    await expect(closed).resolves.toMatchObject({ code });
    await expect(edge.sockets[0]?.nth(1)).resolves.toEqual({ event: 'closed' });
    expect(edge.refusals).toEqual(['protocol-error']);
    expect(edge.logLines).toEqual([]);
  });

  it('counts a reset connection instead of warning', async () => {
    await using edge = await TestEdge.start();
    const client = await edge.connect();
    client.on('error', () => undefined);
    (client as unknown as { _socket: Socket })._socket.resetAndDestroy();
    await expect(edge.sockets[0]?.nth(1)).resolves.toEqual({ event: 'closed' });
    expect(edge.refusals).toEqual(['connection-lost']);
    expect(edge.logLines).toEqual([]);
  });

  it("echoes a client's own close code 1009", async () => {
    await using edge = await TestEdge.start();
    const client = await edge.connect();
    const closed = closing(client);
    client.close(1009, 'your frame is too large');
    await expect(closed).resolves.toEqual({ code: 1009, reason: 'your frame is too large' });
  });

  it('rejects a binary frame and keeps the connection', async () => {
    await using edge = await TestEdge.start();
    const client = await edge.connect();
    client.send(Buffer.from([1, 2, 3]));
    client.send('after');
    await edge.sockets[0]?.nth(2);
    expect(edge.sockets[0]?.heard).toMatchObject([
      { event: 'rejected', code: 'not-text' },
      { event: 'message', frame: 'after' },
    ]);
  });

  it('deliver whole messages of any length to the client', async () => {
    await using edge = await TestEdge.start();
    const client = await edge.connect();
    const texts = ['', 'é', ...[125, 126, 65_535, 65_536, 70_000].map((length) => 'x'.repeat(length))];
    const received: string[] = [];
    client.on('message', (data: Buffer, isBinary) => received.push(isBinary ? 'binary' : data.toString()));
    for (const text of texts) edge.sockets[0]?.socket.send(textMessage(text));
    while (received.length < texts.length) await once(client, 'message');
    expect(received).toEqual(texts);
  });

  it('report unread bytes of a client, and when it has drained', async () => {
    await using edge = await TestEdge.start();
    const client = await edge.connect();
    const socket = edge.sockets[0]?.socket;
    expect([socket?.bufferedBytes, socket?.needsDrain]).toEqual([0, false]);
    const { promise: drained, resolve } = Promise.withResolvers<undefined>();
    if (edge.sockets[0] !== undefined) edge.sockets[0].onDrained = () => resolve(undefined);
    client.pause();
    for (let sent = 0; sent < 32; sent += 1) socket?.send(textMessage('x'.repeat(mebibyte)));
    expect(socket?.bufferedBytes).toBeGreaterThan(mebibyte);
    expect(socket?.needsDrain).toBe(true);
    client.resume();
    await drained;
    expect([socket?.bufferedBytes, socket?.needsDrain]).toEqual([0, false]);
  });
});
