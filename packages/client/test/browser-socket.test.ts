import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { openPlatformSocket } from '../src/browser-socket.ts';
import { joinLive, startLiveSession } from '../src/index.ts';

/** A server that refuses every upgrade, and answers plain requests. The WebSocket of Node.js repeats a request after 401. */
async function startRefusingServer(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const upgrades: IncomingMessage[] = [];
  const http = createServer(answer).on('upgrade', (request: IncomingMessage, socket) => {
    upgrades.push(request);
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`,
    upgrades,
    [Symbol.asyncDispose]: async () => {
      http.close();
      http.closeAllConnections();
      await once(http, 'close');
    },
  };
}

const languages = { sourceLanguage: 'en', targetLanguages: ['es'] };
const refuse = (status: number, body: string) => (_request: IncomingMessage, response: ServerResponse) => {
  response.writeHead(status).end(body);
};

describe('a session over the WebSocket of a browser', () => {
  it.each([401, 403, 404])('ends at the first attempt if HTTP tells that it is refused with %d', async (status) => {
    const asked: IncomingMessage[] = [];
    await using server = await startRefusingServer((request, response) => {
      asked.push(request);
      response.writeHead(status).end(JSON.stringify({ statusCode: status, message: 'because of this' }));
    });
    const starting = startLiveSession({
      urls: [server.url],
      apiKey: 'a-key',
      ...languages,
      openSocket: openPlatformSocket,
    });
    await expect(starting).rejects.toMatchObject({
      name: 'ConnectionRefusedError',
      status,
      retryable: false,
      message: `the server refused the connection with HTTP ${status}: because of this`,
    });
    expect(server.upgrades).toHaveLength(1);
    expect(asked.map(({ url, headers }) => [url, headers['x-websocket-protocol']])).toEqual([
      ['/v1/stream', 'parley.v1, bearer.a-key'],
    ]);
  });

  it.each([
    ['may accept it later', refuse(503, 'not now'), 503, 'not now'],
    ['does not answer', (request: IncomingMessage) => request.socket.destroy(), undefined, 'may be down'],
  ])('is tried again if the server %s, and the deadline tells why', async (_what, answer, status, reason) => {
    await using server = await startRefusingServer(answer);
    const failures: unknown[] = [];
    const controller = new AbortController();
    const joining = joinLive(
      {
        urls: [server.url],
        joinCode: 'K7QX2M9TFA',
        targetLanguages: ['es'],
        openSocket: openPlatformSocket,
        backoff: { firstMs: 1, maxMs: 1 },
        on: {
          reconnecting: ({ error }) => {
            failures.push(error);
            if (failures.length === 2) controller.abort(new Error('enough'));
          },
        },
      },
      { signal: controller.signal },
    );
    await expect(joining).rejects.toThrow('enough');
    expect(failures[1]).toMatchObject({ status, retryable: true, message: expect.stringContaining(reason) as unknown });
  });

  it('of a speaker is tried again if only the WebSocket is blocked', async () => {
    await using server = await startRefusingServer(refuse(426, ''));
    const controller = new AbortController();
    const failures: unknown[] = [];
    const reconnecting = ({ error }: { readonly error: Error }): void => {
      failures.push(error);
      controller.abort(new Error('enough'));
    };
    const on = { reconnecting };
    const options = { urls: [server.url] as const, ...languages, openSocket: openPlatformSocket, on };
    await expect(startLiveSession(options, { signal: controller.signal })).rejects.toThrow('enough');
    const message = expect.stringContaining('may block WebSockets') as unknown;
    expect(failures).toMatchObject([{ name: 'ConnectionRefusedError', status: undefined, retryable: true, message }]);
  });

  it.each([
    ['a key that cannot be a subprotocol', { urls: ['ws://127.0.0.1:9'], apiKey: 'with space' }, 'SyntaxError'],
    ['a URL of another scheme', { urls: ['ftp://127.0.0.1'] }, 'TypeError'],
    ['no URL', { urls: ['no url'] }, 'TypeError'],
  ] as const)('ends at once with %s', async (_what, options, name) => {
    const starting = startLiveSession({ ...options, ...languages, openSocket: openPlatformSocket });
    await expect(starting).rejects.toMatchObject({ name });
  });
});
