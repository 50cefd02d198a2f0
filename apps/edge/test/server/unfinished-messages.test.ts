import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { WebSocket } from 'ws';
import { BufferBudget } from '../../src/limits/buffer-budget.ts';
import { closing, TestEdge } from './test-edge.ts';

const kibibyte = 1024;

/** The connection of a client, to send it bytes that its library would not. */
function streamOf(client: WebSocket): Socket {
  return (client as unknown as { _socket: Socket })._socket;
}

/** The head of a masked frame: of text, or of a continuation. */
function head(length: number, { fin = true, continued = false } = {}): Buffer {
  const buffer = Buffer.alloc(14);
  buffer[0] = (fin ? 0x80 : 0) | (continued ? 0 : 1);
  buffer[1] = 0x80 | 127;
  buffer.writeBigUInt64BE(BigInt(length), 2);
  return buffer;
}

const tooLarge = { code: 4413, reason: 'the frame is too large' };
const listener = { access: () => ({ allowed: true, tenant: 'clinic', joinCode: 'CODE' }) as const };
const listenToken = {
  access: () => ({ allowed: true, tenant: 'clinic', token: { tenant: 'clinic', scope: 'listen' } }) as const,
};

describe('an unfinished message', () => {
  it('of a length above the limit closes the socket before anything of it is buffered', async () => {
    await using edge = await TestEdge.start({ maxFrameBytes: 4 * kibibyte });
    const client = await edge.connect();
    const closed = closing(client);
    streamOf(client).write(head(16 * kibibyte + 1));
    await expect(closed).resolves.toEqual(tooLarge);
  });

  it.each([
    ['a join code', listener],
    ['a token to listen', listenToken],
  ])('is bounded by a few KiB with only %s', async (_what, options) => {
    await using edge = await TestEdge.start(options);
    const [over, within] = [await edge.connect(), await edge.connect()];
    const closed = closing(over);
    streamOf(over).write(head(8 * kibibyte + 1));
    await expect(closed).resolves.toEqual(tooLarge);
    within.send('x'.repeat(4 * kibibyte + 1));
    within.send('x'.repeat(4 * kibibyte));
    await edge.sockets[1]?.nth(2);
    expect(edge.sockets[1]?.heard).toMatchObject([
      { event: 'rejected', code: 'frame-too-large', bytes: 4 * kibibyte + 1 },
      { event: 'message' },
    ]);
  });

  it('closes the socket if its fragments are many, or together too long', async () => {
    await using edge = await TestEdge.start({ maxFrameBytes: 4 * kibibyte });
    const many = await edge.connect();
    const manyClosed = closing(many);
    for (let sent = 0; sent < 30; sent++) many.send('', { fin: false });
    await expect(manyClosed).resolves.toEqual(tooLarge);
    const long = await edge.connect();
    const longClosed = closing(long);
    for (let sent = 0; sent < 5; sent++) long.send('x'.repeat(4 * kibibyte), { fin: false });
    await expect(longClosed).resolves.toEqual(tooLarge);
  });

  it('closes the socket if control frames between fragments are many', async () => {
    await using edge = await TestEdge.start({ maxFrameBytes: 4 * kibibyte });
    const client = await edge.connect();
    const closed = closing(client);
    client.on('error', () => undefined);
    client.send('x', { fin: false });
    for (let sent = 0; sent < 200; sent++) client.pong('x'.repeat(125));
    await expect(closed).resolves.toEqual(tooLarge);
    expect(edge.refusals).toEqual(['frame-too-large']);
  });

  it('closes the socket if it is not completed in time; others stay open', async () => {
    await using edge = await TestEdge.start({ messageTimeoutMs: 100 });
    const [whole, slow, fragmented] = [await edge.connect(), await edge.connect(), await edge.connect()];
    const closed = [closing(slow), closing(fragmented)];
    streamOf(slow).write(head(1000));
    const trickle = setInterval(() => streamOf(slow).write('x'), 10);
    fragmented.send('x', { fin: false });
    const pongs = setInterval(() => fragmented.pong(), 10);
    await Promise.all(closed).finally(() => {
      clearInterval(trickle);
      clearInterval(pongs);
    });
    const late = { code: 4408, reason: 'a message took too long to arrive' };
    await expect(Promise.all(closed)).resolves.toEqual([late, late]);
    expect(edge.refusals).toEqual(['message-timeout', 'message-timeout']);
    whole.send('one');
    whole.send('two');
    await edge.sockets[0]?.nth(2);
    expect(whole.readyState).toBe(whole.OPEN);
  });

  it('closes the largest first if those of all sockets are too large together', async () => {
    const buffers = new BufferBudget(100 * kibibyte);
    await using edge = await TestEdge.start({ buffers });
    const [large, small, last] = [await edge.connect(), await edge.connect(), await edge.connect()];
    const closed = closing(large);
    large.send('x'.repeat(60 * kibibyte), { fin: false });
    while (buffers.totalBytes < 60 * kibibyte) await new Promise(setImmediate);
    small.send('x'.repeat(10 * kibibyte), { fin: false });
    last.send('x'.repeat(40 * kibibyte), { fin: false });
    await expect(closed).resolves.toEqual({ code: 4413, reason: 'too much is buffered of unfinished messages' });
    expect(edge.refusals).toEqual(['too-much-buffered']);
    for (const client of [small, last]) client.send('end', { fin: true });
    await Promise.all([edge.sockets[1]?.nth(1), edge.sockets[2]?.nth(1)]);
    expect(buffers.totalBytes).toBe(0);
  });

  it('is forgotten with its socket', async () => {
    const buffers = new BufferBudget(100 * kibibyte);
    await using edge = await TestEdge.start({ buffers });
    const client = await edge.connect();
    client.send('x'.repeat(kibibyte), { fin: false });
    while (buffers.totalBytes === 0) await new Promise(setImmediate);
    client.terminate();
    await edge.sockets[0]?.nth(1);
    expect(buffers.totalBytes).toBe(0);
  });
});
