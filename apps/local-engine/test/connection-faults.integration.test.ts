import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { text as readText } from 'node:stream/consumers';
import { chatRequest, startEngineFixture, translate, type EngineFixture } from './engine-fixture.ts';
import { eventually } from './eventually.ts';

describe('faults of a connection', () => {
  let engine: EngineFixture;
  let sockets: Socket[];

  beforeEach(async () => {
    engine = await startEngineFixture();
    sockets = [];
  });

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await engine.close();
  });

  async function open(): Promise<Socket> {
    const { hostname, port } = new URL(engine.url);
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }

  function send(socket: Socket, stream = false): void {
    const body = JSON.stringify({ ...chatRequest('Good morning everyone.', 'en', 'es'), stream });
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: engine\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }

  const faultsCounted = (wanted: object) =>
    eventually(
      () => engine.stats(),
      ({ faults }) => JSON.stringify(faults) === JSON.stringify(wanted),
    );

  it('reset it before any response', async () => {
    await engine.fetch('/debug/fail', { effect: 'reset', times: 1 });
    const socket = await open();
    send(socket);
    await expect(readText(socket)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(socket.bytesRead).toBe(0);
    await expect(translate(engine, 'Hello.', 'en', 'es')).resolves.toBe('[es] Hello.');
    expect(await engine.stats()).toMatchObject({ failed: 1, aborted: 0, faults: { reset: 1 } });
  });

  it('cut a stream after some tokens', async () => {
    await engine.fetch('/debug/fail', { cutAfterTokens: 3, times: 1 });
    const socket = await open();
    send(socket, true);
    const received = await readText(socket);
    const contents = [...received.matchAll(/"content":"([^"]*)"/g)].map(([, content]) => content);
    expect(contents).toEqual(['', '[es]', ' Goo', 'd mo']);
    expect(received).not.toContain('[DONE]');
    expect(await engine.stats()).toMatchObject({ failed: 1, faults: { cut: 1 } });
  });

  it('cut a plain reply in the middle', async () => {
    await engine.fetch('/debug/fail', { cutAfterTokens: 3, times: 1 });
    const socket = await open();
    send(socket);
    const received = await readText(socket);
    const length = Number(/content-length: (\d+)/.exec(received)?.[1]);
    const body = received.split('\r\n\r\n')[1] ?? '';
    expect(body.length).toBeGreaterThan(0);
    expect(body.length).toBeLessThan(length);
    await expect(translate(engine, 'Hello.', 'en', 'es')).resolves.toBe('[es] Hello.');
  });

  it('suppress the response until they are healed', async () => {
    await engine.fetch('/debug/fail', { effect: 'hang', times: 1 });
    const socket = await open();
    send(socket);
    await faultsCounted({ hang: 1 });
    await expect(translate(engine, 'Hello.', 'en', 'es')).resolves.toBe('[es] Hello.');
    await engine.fetch('/debug/heal', {});
    await expect(readText(socket)).resolves.toBe('');
  });

  it('keep it open without responses to later requests', async () => {
    const socket = await open();
    send(socket);
    await once(socket, 'data');
    const { bytesRead } = socket;
    await engine.fetch('/debug/fail', { effect: 'half-open', times: 1 });
    send(socket);
    await faultsCounted({ 'half-open': 1 });
    // The fault is used up; later requests get no response because the connection is silenced.
    send(socket);
    socket.write('GET /healthz HTTP/1.1\r\nhost: engine\r\n\r\n');
    await expect(translate(engine, 'Hello.', 'en', 'es')).resolves.toBe('[es] Hello.');
    expect(socket.bytesRead).toBe(bytesRead);
    expect(socket.readyState).toBe('open');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    // The requests that were not read make it a reset rather than an end.
    socket.on('error', () => undefined);
    await engine.fetch('/debug/reset', {});
    await closed;
  });

  it('do not prevent the engine from closing', async () => {
    await using hanging = await startEngineFixture({ ENGINE_FAULTS: 'hang=100%', SHUTDOWN_TIMEOUT_MS: '60000' });
    const answer = hanging.fetch('/v1/chat/completions', chatRequest('Hello.', 'en', 'es'));
    const cutOff = expect(answer).rejects.toThrow('fetch failed');
    await eventually(
      () => hanging.stats(),
      ({ faults }) => faults.hang === 1,
    );
    await hanging.close();
    await cutOff;
  });
});
