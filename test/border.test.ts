import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import WebSocket from 'ws';
import { startStack, type TestStack } from './harness/index.ts';

let stack: TestStack;
beforeAll(async () => (stack = await startStack()));
afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

async function open(headers: Record<string, string> = {}): Promise<WebSocket> {
  const socket = new WebSocket(stack.streamUrl(), 'parley.v1', { headers });
  await once(socket, 'open');
  return socket;
}

async function ask(socket: WebSocket, frame: string | Buffer): Promise<Record<string, unknown>> {
  const heard = once(socket, 'message') as Promise<[Buffer]>;
  socket.send(frame);
  return JSON.parse((await heard)[0].toString()) as Record<string, unknown>;
}

const start = { type: 'session.start', sourceLanguage: 'en', targetLanguages: ['es'] };

describe('the input validation of an edge', () => {
  it('I14: rejects an invalid message with an error that names it, and the session continues', async () => {
    const socket = await open();
    expect(await ask(socket, JSON.stringify(start))).toMatchObject({ type: 'session.started' });
    const wrong: [string | Buffer, object][] = [
      ['{"type":', { code: 'not-json' }],
      [Buffer.from([1, 2, 3]), { code: 'not-json' }],
      ['{"type":"session.dance","id":"1"}', { code: 'unknown-type', causedBy: '1' }],
      [
        '{"type":"transcript.final","segmentId":"one","text":"a","id":"2"}',
        { code: 'invalid-field', param: 'segmentId', causedBy: '2' },
      ],
      [JSON.stringify(start), { code: 'session-already-started' }],
      [
        JSON.stringify({ type: 'transcript.final', segmentId: 1, text: 'x'.repeat(1000 * 1024), id: '4' }),
        { code: 'frame-too-large', causedBy: '4' },
      ],
      [
        JSON.stringify({ type: 'transcript.final', segmentId: 1, text: 'x'.repeat(20_000), id: '3' }),
        { code: 'text-too-long', param: 'text', causedBy: '3' },
      ],
    ];
    for (const [frame, error] of wrong) expect(await ask(socket, frame)).toMatchObject({ type: 'error', ...error });
    expect(await ask(socket, '{"type":"ping"}')).toEqual({ type: 'pong' });
    const final = JSON.stringify({ type: 'transcript.final', segmentId: 1, text: 'Hello.' });
    expect(await ask(socket, final)).toEqual({ type: 'transcript.accepted', segmentId: 1 });
    socket.close();
    await once(socket, 'close');
  });

  it('closes a socket whose first message does not open a session', async () => {
    const socket = await open();
    const closed = once(socket, 'close') as Promise<[number]>;
    const error = await ask(socket, '{"type":"transcript.final","segmentId":1,"text":"a"}');
    expect(error).toMatchObject({ code: 'session-not-started' });
    expect((await closed)[0]).toBe(4400);
  });

  it('I15: rejects pages of other origins, and accepts its own', async () => {
    await expect(open({ origin: 'https://example.com' })).rejects.toThrow('403');
    await expect(open({ host: 'example.com' })).rejects.toThrow('403');
    const socket = await open({ origin: new URL(stack.edges[0]?.url ?? '').origin });
    socket.close();
    await once(socket, 'close');
  });

  it('serves health checks', async () => {
    for (const { url } of [...stack.edges, ...stack.workers]) {
      expect((await fetch(new URL('/healthz', url))).status).toBe(200);
      expect((await fetch(new URL('/readyz', url))).status).toBe(200);
    }
  });

  it('I20: exits with 0 on SIGTERM, and so does a worker', async () => {
    await using other = await startStack();
    for (const { child } of [...other.edges, ...other.workers]) {
      process.kill(child.pid, 'SIGTERM');
      expect(await child.exited).toMatchObject({ code: 0 });
    }
  });
});
