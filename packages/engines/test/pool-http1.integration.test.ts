import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { EngineTimeoutError } from '@parley/translation';
import { startSilentProxy } from '../../../test/harness/silent-proxy.ts';
import { askMany, certificate, grown, options, poolsForFile } from './pool-fixture.ts';
import type { Exchange } from './scripted-server.ts';

const overTls = certificate === undefined ? describe.skip : describe;
const start = poolsForFile();

overTls('a pool over HTTP/1.1 and TLS', () => {
  it('opens no connection if a quarter of the requests are aborted and the replies are short', async () => {
    const { server, ask, warm } = await start({ http2: false, connections: 40 });
    await warm();
    expect(server.connections).toBe(40);
    expect(await askMany(server, ask)).toEqual({ done: 150, aborted: 50 });
    expect(server.connections).toBe(40);
  });

  it('closes the connection of an aborted request without a reply', async () => {
    const { server, ask } = await start({ http2: false });
    server.script = () => undefined;
    const leaving = new AbortController();
    const left = expect(ask('/', leaving.signal)).rejects.toThrow('not wanted');
    const { aborted } = await server.nextExchange();
    leaving.abort(new Error('not wanted'));
    await Promise.all([left, aborted]);
  });

  it('keeps the connection of a reply aborted near its end', async () => {
    const { server, pool, ask } = await start({ http2: false, connections: 2 });
    server.script = ({ answer }) => {
      answer.write('a part');
    };
    const signal = new AbortController().signal;
    const next = server.nextExchange();
    const { body } = await pool.request({ method: 'GET', path: '/', headers: {}, signal });
    for await (const part of body) {
      expect(String(part)).toBe('a part');
      break;
    }
    const [socket] = server.sockets;
    const { answer } = await next;
    answer.end('the end');
    await once(answer, 'close');
    expect(answer.writableFinished).toBe(true);
    server.script = (exchange) => void exchange.answer.end('next');
    for (let count = 0; count < 3; count++) expect(await ask()).toBe('next');
    expect([...server.sockets]).toContain(socket);
  });

  it('makes fewer requests at once while it reads the rest of aborted ones', async () => {
    const { server, pool, ask } = await start({ http2: false, connections: 3 });
    server.script = () => undefined;
    const leaving = new AbortController();
    const left = expect(ask('/', leaving.signal)).rejects.toThrow('not wanted');
    const { answer } = await server.nextExchange();
    expect(pool.capacity).toEqual({ calls: 3, lingering: 0 });
    leaving.abort(new Error('not wanted'));
    await left;
    expect(pool.capacity).toEqual({ calls: 3, lingering: 1 });
    answer.end('the rest');
    await once(answer, 'close');
    server.script = (exchange) => void exchange.answer.end('next');
    for (let count = 0; pool.capacity.lingering > 0 && count < 10; count++) await ask();
    expect(pool.capacity).toEqual({ calls: 3, lingering: 0 });
  });
});

describe('a pool over plain HTTP/1.1', () => {
  it('aborts a request at the server at once', async () => {
    const { server, ask } = await start({}, { plain: true });
    server.script = () => undefined;
    const leaving = new AbortController();
    const left = expect(ask('/', leaving.signal)).rejects.toThrow();
    const { aborted } = await server.nextExchange();
    leaving.abort();
    await Promise.all([left, aborted]);
  });

  it('uses no idle connection after one has timed out', async () => {
    const { server, reach } = await start({}, { plain: true });
    await using proxy = await startSilentProxy(Number(new URL(server.origin).port));
    const { ask, warm } = reach(`http://127.0.0.1:${proxy.port}`, { connections: 4 });
    await warm();
    await grown();
    proxy.silence();
    const deadline = new AbortController();
    const silent = ask('/', deadline.signal);
    deadline.abort(new EngineTimeoutError('first-token', 1));
    await expect(silent).rejects.toBeInstanceOf(EngineTimeoutError);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(['done', 'done', 'done']);
  });

  it('uses a few spare connections for retries, and the current ones if they are busy', async () => {
    const { server, pool, askApart, warm } = await start({}, { plain: true });
    await warm();
    const held: Exchange[] = [];
    server.script = (exchange) => {
      held.push(exchange);
      if (held.length === 6) for (const { answer } of held) answer.end('done');
    };
    const inUse = new Set(server.exchanges.map(({ port }) => port));
    await Promise.all(Array.from({ length: 6 }, () => askApart()));
    expect(held.filter(({ port }) => inUse.has(port))).toHaveLength(2);
    expect(pool.stats.opened).toBe(options.connections + 4);
  });

  it('refreshes idle connections more often if the server announces a short keep-alive', async () => {
    const { server, warm } = await start({ connections: 3 }, { plain: true, keepAliveMs: 3000 });
    await warm();
    const sockets = [...server.sockets];
    for (let seen = 0; seen < 6; seen++) await server.nextExchange();
    expect([...server.sockets]).toEqual(sockets);
    expect(server.connections).toBe(3);
  });
});

it('closes at once even while an old connection finishes its request', async () => {
  const { server, pool, ask, warm } = await start({ maxAgeMs: 1, refreshIntervalMs: 20 }, { plain: true });
  await warm();
  server.script = ({ url, answer }) => {
    if (url === '/warm') answer.end();
  };
  const underWay = expect(ask('/long')).rejects.toThrow();
  while (pool.stats.opened <= options.connections) await new Promise(setImmediate);
  await pool.close();
  await underWay;
});
