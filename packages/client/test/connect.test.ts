import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { subprotocol } from '@parley/protocol';
import { WebSocket as NodeWebSocket } from 'ws';
import { connect, ConnectionRefusedError, DeadlineError, webSocketOpener } from '../src/index.ts';
import { markedScript, started, startScriptedEdge } from './scripted-edge.ts';

const start = { sourceLanguage: 'en', targetLanguages: ['es'] };

/** A port without a listening process. */
async function closedPort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

describe('connect', () => {
  it('uses the subprotocol at the protocol path and sends the key as a bearer token', async () => {
    const headers: (string | undefined)[] = [];
    await using edge = await startScriptedEdge((_message, { request, send }) => {
      headers.push(request.headers.authorization, request.headers['sec-websocket-protocol']);
      send(started);
    });
    await using client = await connect({ url: edge.url, apiKey: 'k'.repeat(16) });
    await client.startSession(start);
    expect(headers).toEqual([`Bearer ${'k'.repeat(16)}`, subprotocol]);
  });

  it('accepts http URLs', async () => {
    await using edge = await startScriptedEdge(markedScript());
    await using client = await connect({ url: edge.url.replace('ws:', 'http:') });
    expect((await client.startSession(start)).started).toEqual(started);
  });

  it.each([
    [401, false],
    [403, false],
    [429, true],
    [503, true],
  ])('reports the HTTP status %d and the body of a refusal', async (status, retryable) => {
    await using edge = await startScriptedEdge(markedScript(), () => ({ status, body: 'because of this' }));
    const error: unknown = await connect({ url: edge.url }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConnectionRefusedError);
    expect(error).toMatchObject({ status, retryable, message: expect.stringContaining('because of this') as unknown });
  });

  it('rejects without a status if nothing listens on the port', async () => {
    const port = await closedPort();
    const error: unknown = await connect({ url: `ws://127.0.0.1:${port}` }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ConnectionRefusedError', status: undefined, retryable: true });
  });

  it('rejects on timeout or abort and closes the socket', async () => {
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
    // Resolves only when every socket is closed.
    silent.close();
    await once(silent, 'close');
  });

  it('works with a standard WebSocket and sends the key as a second subprotocol', async () => {
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

  it.each([
    ['refused', () => undefined],
    ['given up', (controller: AbortController) => controller.abort(new Error('enough'))],
  ])('causes no unhandled error with the WebSocket class of ws if a connection is %s', async (how, meanwhile) => {
    const port = await closedPort();
    const closings: Promise<unknown>[] = [];
    const heard: string[] = [];
    class WatchedWebSocket extends NodeWebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        closings.push(new Promise((resolve) => super.on('close', resolve)));
        const emit = super.emit.bind(this);
        // An 'error' event without a listener is thrown inside `emit`, out of the test's reach.
        this.emit = (event: string | symbol, ...values: unknown[]): boolean => {
          if (event === 'error') heard.push(this.listenerCount('error') > 0 ? 'handled' : 'unhandled');
          return event === 'error' && this.listenerCount('error') === 0 ? false : emit(event, ...values);
        };
      }
    }
    const controller = new AbortController();
    const openSocket = webSocketOpener(WatchedWebSocket);
    const connecting = connect({ url: `ws://127.0.0.1:${port}`, openSocket, signal: controller.signal });
    meanwhile(controller);
    const error = how === 'refused' ? { name: 'ConnectionRefusedError', status: undefined } : { message: 'enough' };
    await expect(connecting).rejects.toMatchObject(error);
    await Promise.all(closings);
    expect(heard).toEqual(['handled']);
  });

  it('reports a refusal with a standard WebSocket', async () => {
    await using edge = await startScriptedEdge(markedScript(), () => ({ status: 401, body: '' }));
    const connecting = connect({ url: edge.url, openSocket: webSocketOpener(WebSocket) });
    await expect(connecting).rejects.toBeInstanceOf(ConnectionRefusedError);
  });
});
