import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { subprotocol } from '@parley/protocol';
import { WebSocket as WsWebSocket } from 'ws';
import { connect, ConnectionRefusedError, DeadlineError, webSocketOpener } from '../src/index.ts';
import { markedScript, started, startScriptedEdge } from './scripted-edge.ts';

const start = { sourceLanguage: 'en', targetLanguages: ['es'] };

describe('connect', () => {
  it('speaks the subprotocol at the protocol path, with the key as a bearer token', async () => {
    const headers: (string | undefined)[] = [];
    await using edge = await startScriptedEdge((_message, { request, send }) => {
      headers.push(request.headers.authorization, request.headers['sec-websocket-protocol']);
      send(started);
    });
    await using client = await connect({ url: edge.url, apiKey: 'k'.repeat(16) });
    await client.startSession(start);
    expect(headers).toEqual([`Bearer ${'k'.repeat(16)}`, subprotocol]);
  });

  it('takes http URLs', async () => {
    await using edge = await startScriptedEdge(markedScript());
    await using client = await connect({ url: edge.url.replace('ws:', 'http:') });
    expect((await client.startSession(start)).started).toEqual(started);
  });

  it.each([
    [401, false],
    [403, false],
    [429, true],
    [503, true],
  ])('tells the HTTP status %d of a refusal and what the server said', async (status, retryable) => {
    await using edge = await startScriptedEdge(markedScript(), () => ({ status, body: 'because of this' }));
    const error: unknown = await connect({ url: edge.url }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConnectionRefusedError);
    expect(error).toMatchObject({ status, retryable, message: expect.stringContaining('because of this') as unknown });
  });

  it.each([
    ['by default', {}],
    ['with the class of the ws package', { openSocket: webSocketOpener(WsWebSocket) }],
  ])('refuses with no status where nobody listens, %s', async (_how, options) => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, 'close');
    const connecting = connect({ url: `ws://127.0.0.1:${port}`, ...options });
    const error: unknown = await connecting.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ConnectionRefusedError', status: undefined, retryable: true });
  });

  it('gives up at its deadline, or with the signal, and leaves no socket behind', async () => {
    const silent = createServer((socket) => {
      socket.on('error', () => undefined).resume();
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `ws://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    await expect(connect({ url, timeoutMs: 50 })).rejects.toBeInstanceOf(DeadlineError);
    const controller = new AbortController();
    const connecting = connect({ url, signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(connecting).rejects.toBe(reason);
    // Comes only when every socket is closed.
    silent.close();
    await once(silent, 'close');
  });

  it('works over a standard WebSocket, with the key as a second subprotocol', async () => {
    const offered: unknown[] = [];
    const script = markedScript();
    await using edge = await startScriptedEdge((message, peer) => {
      offered.push(peer.request.headers['sec-websocket-protocol']?.split(/, ?/));
      script(message, peer);
    });
    await using client = await connect({
      url: edge.url,
      apiKey: 'k'.repeat(16),
      openSocket: webSocketOpener(WebSocket),
    });
    const session = await client.startSession(start);
    await session.sendFinal({ segmentId: 1, text: 'hello' });
    await session.end();
    expect(offered[0]).toEqual([subprotocol, `bearer.${'k'.repeat(16)}`]);
  });

  it('tells of a refusal over a standard WebSocket too', async () => {
    await using edge = await startScriptedEdge(markedScript(), () => ({ status: 401, body: '' }));
    const connecting = connect({ url: edge.url, openSocket: webSocketOpener(WebSocket) });
    await expect(connecting).rejects.toBeInstanceOf(ConnectionRefusedError);
  });
});
