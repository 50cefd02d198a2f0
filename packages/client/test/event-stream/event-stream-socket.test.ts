import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServerMessage } from '@parley/protocol';
import { describe, expect, it } from '@jest/globals';
import { connect, joinLive, type ListenerOptions } from '../../src/index.ts';
import { openPlatformSocket } from '../../src/browser-socket.ts';
import { openConnection } from '../../src/connect.ts';

type Answer = (response: ServerResponse) => void;

/** A server behind a proxy that refuses WebSockets. The first stream gets the first answer, and so on; then the last. */
async function startBlockedServer(...answers: readonly Answer[]) {
  const requested: URL[] = [];
  const http = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    if (url.pathname === '/v1/stream') {
      response.writeHead(426).end();
      return;
    }
    requested.push(url);
    (answers[requested.length - 1] ?? answers.at(-1))?.(response);
  }).on('upgrade', (_request, socket) => socket.destroy());
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`,
    requested,
    [Symbol.asyncDispose]: async () => {
      http.close();
      http.closeAllConnections();
      await once(http, 'close');
    },
  };
}

const joined = { type: 'session.joined', sessionId: 's1', sourceLanguage: 'en', offset: 5, recovered: true } as const;
const timing = { queueMs: 0, engineMs: 1, totalMs: 1 };
const final = (segmentId: number): ServerMessage => ({
  type: 'translation.final',
  segmentId,
  targetLanguage: 'es',
  text: `número ${segmentId}`,
  offset: 10 + segmentId,
  cached: false,
  timing,
});
const ended: ServerMessage = {
  type: 'session.ended',
  usage: { segments: 1, translations: 1, cached: 0, tokens: 0 },
};
const streaming = (...messages: readonly ServerMessage[]): Answer => {
  return (response) => {
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(messages.map((message) => `event: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`).join(''));
  };
};
const then =
  (first: Answer, second: (response: ServerResponse) => void): Answer =>
  (response) => {
    first(response);
    second(response);
  };
const refusing =
  (status: number, body: unknown): Answer =>
  (response) =>
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));

const listening = (url: string, heard: unknown[] = []): ListenerOptions => ({
  urls: [url],
  joinCode: 'CODE234567',
  targetLanguages: ['es', 'pt-BR'],
  openSocket: openPlatformSocket,
  backoff: { firstMs: 1, maxMs: 1 },
  onMessage: (message: ServerMessage) => heard.push('segmentId' in message ? message.segmentId : message.type),
});

describe('a listener whose network blocks WebSockets', () => {
  it('hears server-sent events, and after a cut those that it has not heard', async () => {
    const cut: Answer = (response) => setImmediate(() => response.destroy());
    await using server = await startBlockedServer(
      then(streaming(joined, final(1), final(2)), cut),
      streaming(joined, final(2), final(3), ended),
    );
    const heard: unknown[] = [];
    const listener = await joinLive(listening(server.url, heard));
    await new Promise((resolve) => listener.on('ended', resolve));
    expect(heard).toEqual(['session.joined', 1, 2, 'session.joined', 3, 'session.ended']);
    expect(server.requested.map(({ pathname, search }) => pathname + search)).toEqual([
      '/v1/listen/CODE234567/events?lang=es%2Cpt-BR',
      '/v1/listen/CODE234567/events?lang=es%2Cpt-BR&offset=12',
    ]);
  });

  it('is told why it is refused, and does not try again', async () => {
    const error = { code: 'language-not-offered', message: 'the session has no pt', param: 'lang' };
    await using server = await startBlockedServer(refusing(400, { error }));
    await expect(joinLive(listening(server.url))).rejects.toMatchObject({
      name: 'ServerError',
      code: 'language-not-offered',
      message: expect.stringContaining('has no pt') as unknown,
      param: 'lang',
    });
    expect(server.requested).toHaveLength(1);
  });

  it.each([
    [
      'a refusal that may be different soon',
      503,
      { error: { code: 'temporarily-unavailable', message: 'restarting' } },
    ],
    ['a temporary error of a proxy', 502, '<html>Bad Gateway</html>'],
  ])('tries again after %s', async (_what, status, body) => {
    await using server = await startBlockedServer(refusing(status, body), streaming(joined, ended));
    const listener = await joinLive(listening(server.url));
    expect(listener.joined.sessionId).toBe('s1');
    await listener.close();
    expect(server.requested.length).toBeGreaterThan(1);
  });

  it.each([403, 451])('is told of a proxy that refuses it with %i, and does not try again', async (status) => {
    await using server = await startBlockedServer(refusing(status, '<html>Ask the administrator</html>'));
    await expect(joinLive(listening(server.url))).rejects.toMatchObject({
      name: 'ConnectionRefusedError',
      status,
      message: expect.stringContaining('Ask the administrator') as unknown,
    });
    expect(server.requested).toHaveLength(1);
  });

  it('is told of an event that is too long, and does not try again', async () => {
    await using server = await startBlockedServer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(`data: ${'x'.repeat(2 ** 21)}`);
    });
    await expect(joinLive(listening(server.url))).rejects.toMatchObject({
      name: 'ConnectionClosedError',
      closeCode: 4400,
      cause: { name: 'UnreadableFrameError' },
    });
    expect(server.requested).toHaveLength(1);
  });

  it('knows that the session has ended if there is nothing left to hear', async () => {
    await using server = await startBlockedServer(refusing(204, ''));
    await expect(joinLive(listening(server.url))).rejects.toMatchObject({
      name: 'ConnectionClosedError',
      closeCode: 1000,
    });
  });

  it('is given up without a sign of life', async () => {
    await using server = await startBlockedServer(streaming(joined));
    const { promise, resolve } = Promise.withResolvers<Error>();
    const listener = await joinLive({ ...listening(server.url), silenceMs: 300, on: { disconnected: resolve } });
    await expect(promise).resolves.toMatchObject({ name: 'DeadlineError' });
    await listener.close();
  });

  it('takes a sign of life for the answer to a ping', async () => {
    const { promise: stream, resolve: opened } = Promise.withResolvers<ServerResponse>();
    await using server = await startBlockedServer(then(streaming(joined), opened));
    const joinCode = 'CODE234567';
    const connection = await openConnection({ url: server.url, joinCode, openSocket: openPlatformSocket });
    const isJoined = new Promise((resolve) => connection.on('session.joined', resolve));
    connection.send({ type: 'session.join', joinCode, targetLanguages: ['es'] });
    await isJoined;
    const pongs: unknown[] = [];
    connection.on('pong', (pong) => pongs.push(pong));
    for (let pings = 1; pings <= 2; pings++) {
      const answered = new Promise((resolve) => connection.on('pong', resolve));
      connection.send({ type: 'ping' });
      (await stream).write(':\n\n');
      await answered;
      expect(pongs).toHaveLength(pings);
    }
    connection.terminate();
  });

  it('reads the log once more before it leaves', async () => {
    await using server = await startBlockedServer(streaming(joined), streaming(joined, final(1)));
    const heard: unknown[] = [];
    const listener = await joinLive(listening(server.url, heard));
    await listener.close();
    expect(heard).toContain(1);
    expect(server.requested.at(-1)?.searchParams.get('offset')).toBe('5');
  });

  it('can send nothing', async () => {
    await using server = await startBlockedServer(streaming(joined));
    const client = await connect({ url: server.url, joinCode: 'CODE234567', openSocket: openPlatformSocket });
    const starting = client.startSession({ sourceLanguage: 'en', targetLanguages: ['es'] });
    await expect(starting).rejects.toMatchObject({ name: 'ServerError', code: 'listen-only' });
    await client.close();
  });
});
