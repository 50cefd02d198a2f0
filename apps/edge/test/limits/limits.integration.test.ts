import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '@parley/config';
import type { ClientMessageInput, ServerMessage } from '@parley/protocol';
import { createLogger } from '@parley/telemetry';
import { WebSocket } from 'ws';
import { startRedis } from '../../../../test/harness/index.ts';
import { startEdge } from '../../src/index.ts';
import { closing } from '../server/test-edge.ts';

let server: Awaited<ReturnType<typeof startRedis>>;
beforeAll(async () => (server = await startRedis()));
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const keys = { one: 'key-of-tenant-one', two: 'key-of-tenant-two' };

/** An edge in this process on the Redis of this file, with empty counts. */
async function startLimited(environment: Record<string, string>) {
  await server.connect().flushall();
  await using opened = new AsyncDisposableStack();
  const config = loadConfig({
    PORT: '0',
    REDIS_URL: server.url,
    API_KEYS: `one:${keys.one},two:${keys.two}`,
    ...environment,
  });
  const edge = await startEdge(config, createLogger({ LOG_LEVEL: 'silent' }, 'edge'));
  opened.defer(() => edge.close());
  // Before its Redis replies, an edge admits everything.
  while (!(await fetch(new URL('/readyz', edge.url))).ok) await wait(5);
  const clients: WebSocket[] = [];
  opened.defer(() => {
    for (const client of clients) client.terminate();
  });
  const owned = opened.move();
  return {
    metrics: async () => (await fetch(edge.metricsUrl)).text(),
    connect: async (tenant: keyof typeof keys = 'one', joinCode?: string) => {
      const url = new URL('/v1/stream', edge.url);
      url.protocol = 'ws:';
      const socket =
        joinCode === undefined
          ? new WebSocket(url, 'parley.v1', { headers: { authorization: `Bearer ${keys[tenant]}` } })
          : new WebSocket(url, ['parley.v1', `join.${joinCode}`]);
      clients.push(socket);
      const messages: ServerMessage[] = [];
      socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as ServerMessage));
      const closed = closing(socket);
      await once(socket, 'open');
      return {
        socket,
        messages,
        closed,
        send: (message: ClientMessageInput) => socket.send(JSON.stringify(message)),
        heard: async (count: number) => {
          while (messages.length < count) await once(socket, 'message');
          return messages;
        },
      };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const start: ClientMessageInput = { type: 'session.start', sourceLanguage: 'en', targetLanguages: ['es'] };

describe('frames of a connection', () => {
  it("I14: get errors above the limit, are not handled, and don't close the connection", async () => {
    await using edge = await startLimited({ MAX_FRAMES_PER_SECOND: '20', MAX_FRAME_BURST: '2' });
    const client = await edge.connect();
    const frames: ClientMessageInput[] = [
      { type: 'ping' },
      { type: 'ping' },
      { type: 'session.end', id: 'third' },
      { type: 'ping', id: 'fourth' },
    ];
    for (const frame of frames) client.send(frame);
    client.socket.send(Buffer.from([1]));
    client.socket.send('no JSON');
    const error = { type: 'error', code: 'too-many-frames', retryable: true };
    const messages = await client.heard(6);
    expect(messages.filter(({ type }) => type === 'pong')).toHaveLength(2);
    const errors = messages.filter(({ type }) => type === 'error');
    expect(errors).toMatchObject([
      { ...error, causedBy: 'third', message: 'at most 20 messages per second are allowed, 2 at once' },
      { ...error, causedBy: 'fourth' },
      error,
      error,
    ]);
    client.send({ type: 'ping' });
    expect((await client.heard(7)).at(-1)).toEqual({ type: 'pong' });
    const metrics = await edge.metrics();
    expect(metrics).toContain('parley_edge_frames_total{type="refused"} 4');
    expect(metrics).toContain('parley_edge_errors_total{code="too-many-frames"} 4');
  });

  it('are answered one by one if a client would wait for a reply, also behind many that are not', async () => {
    await using edge = await startLimited({ MAX_FRAMES_PER_SECOND: '1', MAX_FRAME_BURST: '20' });
    const client = await edge.connect();
    for (let frame = 0; frame < 60; frame++) client.send({ type: 'ping' });
    client.send({ ...start, id: 'start' });
    client.send({ type: 'session.update', id: 'update', targetLanguages: ['es'] });
    client.send({ type: 'transcript.final', id: 'final', segmentId: 1, text: 'one' });
    client.send({ type: 'session.end', id: 'end' });
    const isLast = (message: ServerMessage): boolean => message.type === 'error' && message.causedBy === 'end';
    while (!client.messages.some(isLast)) await once(client.socket, 'message');
    expect(client.messages.filter(({ type }) => type === 'error').slice(-4)).toMatchObject([
      { code: 'too-many-frames', causedBy: 'start' },
      { code: 'too-many-frames', causedBy: 'update' },
      { code: 'too-many-frames', causedBy: 'final' },
      { code: 'too-many-frames', causedBy: 'end' },
    ]);
  });

  it('are not read for a second after one was refused', async () => {
    await using edge = await startLimited({ MAX_FRAMES_PER_SECOND: '5', MAX_FRAME_BURST: '1' });
    const client = await edge.connect();
    for (let frame = 0; frame < 2; frame++) client.send({ type: 'ping' });
    await client.heard(2);
    const refusedAtMs = performance.now();
    await wait(250);
    // By now, it would be admitted at once.
    client.send({ type: 'ping' });
    const messages = await client.heard(3);
    expect(performance.now() - refusedAtMs).toBeGreaterThan(800);
    expect(messages[2]).toEqual({ type: 'pong' });
  });

  it('are no more for a client that connects again', async () => {
    await using edge = await startLimited({ MAX_FRAMES_PER_SECOND: '1', MAX_FRAME_BURST: '5' });
    const first = await edge.connect();
    for (let frame = 0; frame < 5; frame++) first.send({ type: 'ping' });
    await first.heard(5);
    first.socket.close();
    await first.closed;
    const second = await edge.connect();
    for (let frame = 0; frame < 5; frame++) second.send({ type: 'ping' });
    const other = await edge.connect('two');
    for (let frame = 0; frame < 5; frame++) other.send({ type: 'ping' });
    const types = (messages: readonly ServerMessage[]) => messages.map(({ type }) => type);
    expect(types(await second.heard(5)).slice(-3)).toEqual(['error', 'error', 'error']);
    expect(types(await other.heard(5))).toEqual(['pong', 'pong', 'pong', 'pong', 'pong']);
  });

  it('close the connection with 4413 far above the limit, after few errors', async () => {
    await using edge = await startLimited({ MAX_FRAMES_PER_SECOND: '1', MAX_FRAME_BURST: '100' });
    const client = await edge.connect();
    for (let frame = 0; frame < 700; frame++) client.send({ type: 'ping' });
    await expect(client.closed).resolves.toEqual({ code: 4413, reason: 'far more messages than allowed' });
    const errors = client.messages.filter(({ type }) => type === 'error').length;
    expect(errors).toBeGreaterThanOrEqual(20);
    expect(errors).toBeLessThan(100);
  });
});

describe('sockets of a tenant', () => {
  it('are closed with 4403 above the limit and do nothing', async () => {
    await using edge = await startLimited({ MAX_SOCKETS_PER_TENANT: '2' });
    const [first, second] = [await edge.connect(), await edge.connect()];
    for (const client of [first, second]) client.send({ type: 'ping' });
    for (const client of [first, second]) await client.heard(1);
    const third = await edge.connect();
    third.send({ type: 'ping' });
    third.send(start);
    await expect(third.closed).resolves.toEqual({ code: 4403, reason: 'too many sockets' });
    expect(third.messages).toMatchObject([{ type: 'error', code: 'too-many-sockets', retryable: true }]);

    const elsewhere = await edge.connect('two');
    elsewhere.send({ type: 'ping' });
    await elsewhere.heard(1);
    expect(await server.connect().zcard('tenant:one:sockets')).toBe(2);
  });

  it('make room when they close', async () => {
    await using edge = await startLimited({ MAX_SOCKETS_PER_TENANT: '1' });
    const first = await edge.connect();
    first.send({ type: 'ping' });
    await first.heard(1);
    first.socket.close();
    await first.closed;
    while ((await server.connect().zcard('tenant:one:sockets')) > 0) await wait(5);
    const second = await edge.connect();
    second.send({ type: 'ping' });
    expect(await second.heard(1)).toEqual([{ type: 'pong' }]);
  });
});

describe('listeners', () => {
  const join = (joinCode: string): ClientMessageInput => ({ type: 'session.join', joinCode, targetLanguages: ['es'] });

  async function startSession(edge: Awaited<ReturnType<typeof startLimited>>) {
    const host = await edge.connect();
    host.send(start);
    const [started] = await host.heard(1);
    if (started?.type !== 'session.started') throw new Error('the session was not started');
    return { host, ...started };
  }

  it('of a tenant are refused above their own limit, and never lock their host out', async () => {
    await using edge = await startLimited({ MAX_SOCKETS_PER_TENANT: '2', MAX_LISTENERS_PER_TENANT: '3' });
    const { host, joinCode, sessionId, resumeToken, offset } = await startSession(edge);
    for (let count = 0; count < 3; count++) {
      const listener = await edge.connect('one', joinCode);
      listener.send(join(joinCode));
      expect(await listener.heard(1)).toMatchObject([{ type: 'session.joined' }]);
    }
    const refused = await edge.connect('one', joinCode);
    refused.send(join(joinCode));
    await expect(refused.closed).resolves.toEqual({ code: 4403, reason: 'too many listeners' });
    expect(refused.messages).toMatchObject([{ type: 'error', code: 'too-many-listeners', retryable: true }]);

    host.socket.terminate();
    await host.closed;
    const resumed = await edge.connect();
    resumed.send({ type: 'session.resume', sessionId, resumeToken, offset });
    expect(await resumed.heard(1)).toMatchObject([{ type: 'session.resumed' }]);
  });

  it('who arrive while Redis hangs do not hold up a host', async () => {
    await using edge = await startLimited({});
    const { joinCode } = await startSession(edge);
    const answered: string[] = [];
    const open = async (who: 'host' | 'listener'): Promise<void> => {
      const opening = who === 'host' ? edge.connect('two') : edge.connect('one', joinCode);
      await opening.finally(() => answered.push(who));
    };
    process.kill(server.pid, 'SIGSTOP');
    // More than are let in at once.
    const listeners = Array.from({ length: 100 }, () => open('listener'));
    await open('host').finally(() => process.kill(server.pid, 'SIGCONT'));
    await Promise.allSettled(listeners);
    expect(answered[0]).toBe('host');
  });

  it('of a session are refused above their limit, and make room when they leave', async () => {
    await using edge = await startLimited({ MAX_LISTENERS_PER_SESSION: '1' });
    const [one, other] = [await startSession(edge), await startSession(edge)];
    const first = await edge.connect('one', one.joinCode);
    first.send(join(one.joinCode));
    expect(await first.heard(1)).toMatchObject([{ type: 'session.joined' }]);
    // Other languages need no other seat.
    first.send(join(one.joinCode));
    expect(await first.heard(2)).toMatchObject([{}, { type: 'session.joined' }]);
    const refused = await edge.connect('one', one.joinCode);
    refused.send(join(one.joinCode));
    await expect(refused.closed).resolves.toMatchObject({ code: 4403 });
    expect(refused.messages).toMatchObject([{ type: 'error', code: 'too-many-listeners' }]);
    const elsewhere = await edge.connect('one', other.joinCode);
    elsewhere.send(join(other.joinCode));
    expect(await elsewhere.heard(1)).toMatchObject([{ type: 'session.joined' }]);

    first.socket.close();
    await first.closed;
    while ((await server.connect().zcard(`{s:${one.sessionId}}:seats`)) > 0) await wait(5);
    const next = await edge.connect('one', one.joinCode);
    next.send(join(one.joinCode));
    expect(await next.heard(1)).toMatchObject([{ type: 'session.joined' }]);
  });

  it('with a right code join behind an address from which too many wrong ones came', async () => {
    await using edge = await startLimited({});
    const { joinCode } = await startSession(edge);
    const wrong = await edge.connect();
    for (let count = 0; count < 200; count++) wrong.send(join(`WRONG${count}`));
    while (!wrong.messages.some((message) => message.type === 'error' && message.code === 'too-many-tries')) {
      await once(wrong.socket, 'message');
    }
    const listener = await edge.connect('one', joinCode);
    listener.send(join(joinCode));
    expect(await listener.heard(1)).toMatchObject([{ type: 'session.joined' }]);
  });
});

describe('sessions of a tenant', () => {
  it('are refused above the limit, and the socket stays open until one of them ends', async () => {
    await using edge = await startLimited({ MAX_SESSIONS_PER_TENANT: '1' });
    const [first, second, elsewhere] = [await edge.connect(), await edge.connect(), await edge.connect('two')];
    first.send(start);
    await first.heard(1);
    second.send({ ...start, id: 'start' });
    expect(await second.heard(1)).toMatchObject([
      { type: 'error', code: 'too-many-sessions', causedBy: 'start', retryable: true },
    ]);
    elsewhere.send(start);
    expect(await elsewhere.heard(1)).toMatchObject([{ type: 'session.started' }]);

    first.send({ type: 'session.end' });
    await expect(first.closed).resolves.toMatchObject({ code: 1000 });
    while ((await server.connect().zcard('tenant:one:sessions')) > 0) await wait(5);
    second.send(start);
    expect((await second.heard(2)).at(-1)).toMatchObject({ type: 'session.started' });
  });

  it('are not counted if they could not be opened', async () => {
    await using edge = await startLimited({});
    const client = await edge.connect();
    await server.connect().config('SET', 'maxmemory', '1');
    client.send(start);
    const [error] = await client.heard(1);
    await server.connect().config('SET', 'maxmemory', '0');
    expect(error).toMatchObject({ type: 'error', code: 'temporarily-unavailable' });
    expect(await server.connect().zcard('tenant:one:sessions')).toBe(0);
  });
});
