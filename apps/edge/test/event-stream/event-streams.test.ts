import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { errorMessage } from '@parley/protocol';
import { Reply } from '../../src/core/outgoing-message.ts';
import type { Socket } from '../../src/core/socket.ts';
import { StreamRefusedError, type EventStream } from '../../src/event-stream/event-stream.ts';
import { EventStreams } from '../../src/event-stream/event-streams.ts';

const joined = new Reply({ type: 'pong' }, 7);

/** An HTTP server whose only response is an event stream to a core that records what it hears. */
async function streaming(
  options: { heartbeatIntervalMs?: number; closeTimeoutMs?: number; hasClientLeft?: boolean } = {},
) {
  const heard: string[] = [];
  const core = Promise.withResolvers<Socket>();
  const streams = new EventStreams({
    ...options,
    opened: (socket) => {
      core.resolve(socket);
      return {
        message: (frame) => void heard.push(frame),
        frameRejected: () => undefined,
        drained: () => void heard.push('drained'),
        closed: (hasLeft) => void heard.push(`closed ${hasLeft}`),
      };
    },
  });
  const stream = Promise.withResolvers<EventStream>();
  const server: Server = createServer((_request, response: ServerResponse) => {
    if (options.hasClientLeft === true) response.destroy();
    const client = { tenant: 't', address: '::1' };
    const opened = streams.open(response, client, { joinCode: 'c', targetLanguages: ['es'], offset: 5 });
    opened.opened.catch(() => response.writeHead(429).end());
    stream.resolve(opened);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const response = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  response.catch(() => undefined);
  return {
    heard,
    streams,
    response,
    socket: await core.promise,
    stream: await stream.promise,
    [Symbol.asyncDispose]: async () => {
      await streams.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('an event stream', () => {
  it('joins with the offset of the client, and begins with the first message', async () => {
    await using edge = await streaming();
    const join = { type: 'session.join', joinCode: 'c', targetLanguages: ['es'] };
    expect(edge.heard.map((frame) => JSON.parse(frame) as object)).toEqual([{ ...join, offset: 5 }]);
    edge.socket.send(joined);
    await edge.stream.opened;
    edge.socket.close(1000, 'done');
    const response = await edge.response;
    expect([response.status, await response.text()]).toEqual([
      200,
      'retry: 1000\n\nevent: pong\nid: 7\ndata: {"type":"pong"}\n\n',
    ]);
    await edge.stream.closed;
    expect(edge.heard.slice(1)).toEqual(['closed false']);
    edge.socket.send(joined);
  });

  it('leaves the response to the caller if the first message is an error', async () => {
    await using edge = await streaming();
    const refusal = errorMessage('too-many-sockets', 'no');
    const refused = expect(edge.stream.opened).rejects.toEqual(new StreamRefusedError(refusal));
    edge.socket.send(new Reply(refusal));
    await refused;
    edge.socket.send(joined);
    edge.socket.close(4403, 'no');
    expect((await edge.response).status).toBe(429);
    await edge.stream.closed;
    expect(edge.heard.slice(1)).toEqual(['closed false']);
  });

  it('joins again where it was when Redis may have lost data, which the client does not notice', async () => {
    await using edge = await streaming();
    edge.socket.send(joined);
    edge.socket.send(new Reply({ type: 'session.resync' }));
    expect(JSON.parse(edge.heard[1] ?? '')).toEqual({ type: 'session.join', joinCode: 'c', targetLanguages: ['es'] });
    edge.socket.close(1012, 'done');
    expect(await (await edge.response).text()).not.toContain('resync');
  });

  it('ends after an error', async () => {
    await using edge = await streaming();
    edge.socket.send(joined);
    edge.socket.send(new Reply(errorMessage('session-unknown', 'gone')));
    expect(await (await edge.response).text()).toContain(
      'event: error\ndata: {"type":"error","code":"session-unknown"',
    );
  });

  it('sends comments while there is nothing to say', async () => {
    await using edge = await streaming({ heartbeatIntervalMs: 5 });
    edge.socket.send(joined);
    let text = '';
    for await (const chunk of (await edge.response).body as AsyncIterable<Uint8Array>) {
      text += new TextDecoder().decode(chunk);
      if (text.endsWith('\n\n:\n\n')) break;
    }
    expect(text).toContain('\n\n:\n\n');
  });

  it('is cut if its client does not read the rest in time', async () => {
    await using edge = await streaming({ closeTimeoutMs: 20 });
    const text = 'x'.repeat(64 * 1024 * 1024);
    const large = new Reply({ type: 'notice', code: 'large', message: text });
    edge.socket.send(joined);
    const response = await edge.response;
    expect(edge.socket.needsDrain).toBe(false);
    edge.socket.send(large);
    expect(edge.socket.needsDrain).toBe(true);
    expect(edge.socket.bufferedBytes).toBeGreaterThan(1024 * 1024);
    edge.socket.close(4508, 'slow');
    await edge.stream.closed;
    await expect(response.text()).rejects.toThrow();
  });

  it('closes if its client has left before it was opened', async () => {
    await using edge = await streaming({ hasClientLeft: true });
    await expect(edge.stream.opened).rejects.toThrow('closed before it began');
    await edge.stream.closed;
    expect(edge.heard.slice(1)).toEqual(['closed false']);
  });

  it('ends when the edge closes', async () => {
    await using edge = await streaming();
    edge.socket.send(joined);
    const response = await edge.response;
    await edge.streams.close();
    expect(await response.text()).toContain('pong');
    expect(edge.heard.at(-1)).toBe('closed false');
    expect(edge.streams.isClosing).toBe(true);
  });
});
