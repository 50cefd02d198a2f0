import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { startSilentProxy } from '../../../test/harness/silent-proxy.ts';
import { askMany, certificate, grown, poolsForFile } from './pool-fixture.ts';
import type { Exchange } from './scripted-server.ts';

const overTls = certificate === undefined ? describe.skip : describe;
const start = poolsForFile();

overTls('a pool over HTTP/2', () => {
  it('opens more connections where the server allows few streams, and makes every request', async () => {
    const { server, ask, warm } = await start({}, { maxStreams: 5 });
    await warm();
    const held: Exchange[] = [];
    server.script = (exchange) => {
      held.push(exchange);
      if (held.length === 20) for (const { answer } of held) answer.end('done');
    };
    expect(await Promise.all(Array.from({ length: 20 }, () => ask()))).toEqual(
      Array.from({ length: 20 }, () => 'done'),
    );
    expect(server.connections).toBe(4);
  });

  it('opens no connection if a quarter of the requests are aborted', async () => {
    const { server, pool, ask, warm } = await start();
    await warm();
    expect(await askMany(server, ask)).toEqual({ done: 150, aborted: 50 });
    expect(pool.stats).toEqual({ opened: 1, connected: 1 });
    expect(pool.capacity.calls).toBe(Infinity);
    expect(server.connections).toBe(1);
  });

  it('has the next connection open before it is needed, when the server tells one to go, and finishes what is under way', async () => {
    const { server, ask, warm } = await start();
    await warm();
    await grown();
    server.script = () => undefined;
    const underWay = ask();
    const { answer } = await server.nextExchange();
    server.script = ({ answer: next }) => void next.end('done');
    const warmed = server.nextExchange();
    for (const session of server.sessions) session.close();
    expect((await warmed).url).toBe('/warm');
    expect(server.connections).toBe(2);
    answer.end('late');
    expect(await underWay).toBe('late');
    expect(await ask()).toBe('done');
    expect(server.connections).toBe(2);
  });

  it('sends every abort to the server, even while other requests are being sent', async () => {
    const { server, ask, warm } = await start();
    await warm();
    const leaving = Array.from({ length: 40 }, () => new AbortController());
    const held: Exchange[] = [];
    const allHeld = Promise.withResolvers<undefined>();
    server.script = (exchange) => {
      if (exchange.url === '/stays') exchange.answer.end('done');
      else if (held.push(exchange) === leaving.length) allHeld.resolve(undefined);
    };
    const left = leaving.map(({ signal }) => expect(ask('/leaves', signal)).rejects.toThrow());
    await allHeld.promise;
    const staying = leaving.map((controller) => {
      const reply = ask('/stays');
      controller.abort();
      return reply;
    });
    await Promise.all([...left, ...held.map(({ aborted }) => aborted)]);
    expect(new Set(await Promise.all(staying))).toEqual(new Set(['done']));
    expect(server.connections).toBe(1);
  });

  it('aborts a request in the moment in which it was made', async () => {
    const { ask, warm } = await start();
    await warm();
    for (let count = 0; count < 20; count++) {
      const leaving = new AbortController();
      const left = expect(ask('/', leaving.signal)).rejects.toThrow();
      leaving.abort();
      await left;
    }
    expect(await ask()).toBe('done');
  });

  it('repeats requests when their connection ends with an error', async () => {
    const { server, ask, warm } = await start();
    await warm();
    server.script = () => undefined;
    const underWay = ask();
    await server.nextExchange();
    server.script = ({ answer }) => void answer.end('again');
    for (const session of server.sessions) session.destroy(undefined, 2);
    expect(await underWay).toBe('again');
  });

  it('repeats a request when its connection no longer responds', async () => {
    const { server, reach } = await start();
    await using proxy = await startSilentProxy(Number(new URL(server.origin).port));
    const { ask, warm } = reach(`https://127.0.0.1:${proxy.port}`);
    await warm();
    await grown();
    proxy.silence();
    expect(await ask()).toBe('done');
    expect(server.connections).toBe(2);
  }, 30_000);

  it('replaces an old connection after its requests have finished', async () => {
    const { server, ask, warm } = await start({ maxAgeMs: 1, refreshIntervalMs: 50 });
    await warm();
    server.script = ({ url, answer }) => {
      if (url === '/warm') answer.end();
    };
    const underWay = ask('/long');
    let exchange = await server.nextExchange();
    while (exchange.url !== '/long') exchange = await server.nextExchange();
    while (server.connections < 3) await server.nextExchange();
    exchange.answer.end('done');
    expect(await underWay).toBe('done');
  });

  it('uses one spare connection for all retries, and closes it later', async () => {
    const { server, pool, ask, askApart, warm } = await start();
    await warm();
    const [inUse] = server.sessions;
    await Promise.all([...Array.from({ length: 20 }, () => askApart()), ask()]);
    for (let count = 0; count < 10; count++) await askApart();
    expect(pool.stats).toEqual({ opened: 2, connected: 2 });
    const portsOf = (path: string) =>
      new Set(server.exchanges.filter(({ url }) => url === path).map(({ port }) => port));
    expect(portsOf('/apart').size).toBe(1);
    expect(portsOf('/')).toEqual(portsOf('/warm'));
    const [, spare] = server.sessions;
    if (spare !== undefined) await once(spare, 'close');
    expect([...server.sessions]).toEqual([inUse]);
    await askApart();
    expect(pool.stats.opened).toBe(3);
  }, 20_000);
});
