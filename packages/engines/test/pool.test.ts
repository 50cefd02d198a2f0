import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { text as readText } from 'node:stream/consumers';
import { EngineTimeoutError } from '@parley/translation';
import { startSilentProxy } from '../../../test/harness/silent-proxy.ts';
import type { ConnectionPool, ConnectionPoolOptions } from '../src/pool/connection-pool.ts';
import { createConnectionPool } from '../src/pool/create-connection-pool.ts';
import { makeCertificate } from './certificate.ts';
import { startScriptedServer, type Exchange, type ScriptedServer } from './scripted-server.ts';

const certificate = await makeCertificate();
const overTls = certificate === undefined ? describe.skip : describe;

let server: ScriptedServer;
let pool: ConnectionPool;

const options: Omit<ConnectionPoolOptions, 'origin'> = {
  connections: 8,
  connectTimeoutMs: 20_000,
  http2: true,
  pooled: true,
  idleTimeoutMs: 60_000,
  refreshIntervalMs: 20_000,
  certificateAuthority: certificate?.cert,
};

async function start(
  given: Partial<ConnectionPoolOptions> = {},
  how: Parameters<typeof startScriptedServer>[1] & { plain?: boolean } = {},
): Promise<void> {
  server = await startScriptedServer(how.plain === true ? undefined : certificate, how);
  server.script = ({ answer }) => void answer.end('done');
  pool = createConnectionPool({ ...options, origin: server.origin, ...given });
}

async function ask(path = '/', signal = new AbortController().signal): Promise<string> {
  const { body } = await pool.request({ method: 'POST', path, headers: {}, body: 'text', signal });
  return readText(body);
}

function warm(): Promise<number> {
  return pool.warm({ method: 'GET', path: '/warm', headers: {}, signal: new AbortController().signal });
}

/** Until the connections are no longer so fresh that the pool clings to them. */
function grown(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1100));
}

/** Keeps 20 requests going until 200 have been made, and aborts every fourth once the server has it. */
async function askMany(): Promise<{ done: number; aborted: number }> {
  const [calls, concurrency, abortEvery] = [200, 20, 4];
  let [begun, done, aborted] = [0, 0, 0];
  const leavers = new Map<string, AbortController>();
  server.script = ({ url, answer }) => {
    leavers.get(url)?.abort();
    setImmediate(() => answer.end('done'));
  };
  const lane = async () => {
    while (begun < calls) {
      const path = `/${++begun}`;
      const controller = new AbortController();
      if (begun % abortEvery === 0) leavers.set(path, controller);
      await ask(path, controller.signal).then(
        () => done++,
        () => aborted++,
      );
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return { done, aborted };
}

afterEach(async () => {
  await pool.close();
  await server.close();
});

overTls('a pool over HTTP/2', () => {
  it('opens more connections where the server allows few streams, and makes every request', async () => {
    await start({}, { maxStreams: 5 });
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

  it('opens none for requests of which a quarter are aborted', async () => {
    await start();
    await warm();
    expect(await askMany()).toEqual({ done: 150, aborted: 50 });
    expect(pool.stats).toEqual({ opened: 1, connected: 1 });
    expect(server.connections).toBe(1);
  });

  it('has the next connection open before it is needed, when the server tells one to go, and finishes what is under way', async () => {
    await start();
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

  it('lets the server know of every abort, also while others are being sent', async () => {
    await start();
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
    await start();
    await warm();
    for (let count = 0; count < 20; count++) {
      const leaving = new AbortController();
      const left = expect(ask('/', leaving.signal)).rejects.toThrow();
      leaving.abort();
      await left;
    }
    expect(await ask()).toBe('done');
  });

  it('makes requests once more when their connection ends in an error', async () => {
    await start();
    await warm();
    server.script = () => undefined;
    const underWay = ask();
    await server.nextExchange();
    server.script = ({ answer }) => void answer.end('again');
    for (const session of server.sessions) session.destroy(undefined, 2);
    expect(await underWay).toBe('again');
  });

  it('makes a request once more when its connection has gone silent', async () => {
    await start();
    await using proxy = await startSilentProxy(Number(new URL(server.origin).port));
    await pool.close();
    pool = createConnectionPool({ ...options, origin: `https://127.0.0.1:${proxy.port}` });
    await warm();
    await grown();
    proxy.silence();
    expect(await ask()).toBe('done');
    expect(server.connections).toBe(2);
  }, 30_000);

  it('replaces a connection that is of age, and finishes what is under way on it', async () => {
    await start({ maxAgeMs: 1, refreshIntervalMs: 50 });
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
});

overTls('a pool over HTTP/1.1 and TLS', () => {
  it('opens none for requests of which a quarter are aborted, as long as the replies come soon', async () => {
    await start({ http2: false, connections: 40 });
    await warm();
    expect(server.connections).toBe(40);
    expect(await askMany()).toEqual({ done: 150, aborted: 50 });
    expect(server.connections).toBe(40);
  });

  it('gives up the connection of an aborted request whose reply does not come', async () => {
    await start({ http2: false });
    server.script = () => undefined;
    const leaving = new AbortController();
    const left = expect(ask('/', leaving.signal)).rejects.toThrow('not wanted');
    const { aborted } = await server.nextExchange();
    leaving.abort(new Error('not wanted'));
    await Promise.all([left, aborted]);
  });

  it('keeps the connection of a reply that is left in its middle, if its end is near', async () => {
    await start({ http2: false, connections: 2 });
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
});

describe('a pool over plain HTTP/1.1', () => {
  it('ends an aborted request at the server at once', async () => {
    await start({}, { plain: true });
    server.script = () => undefined;
    const leaving = new AbortController();
    const left = expect(ask('/', leaving.signal)).rejects.toThrow();
    const { aborted } = await server.nextExchange();
    leaving.abort();
    await Promise.all([left, aborted]);
  });

  it('uses no idle connection after one timed out, for they may be as silent', async () => {
    await start({}, { plain: true });
    await using proxy = await startSilentProxy(Number(new URL(server.origin).port));
    await pool.close();
    pool = createConnectionPool({ ...options, origin: `http://127.0.0.1:${proxy.port}`, connections: 4 });
    await warm();
    await grown();
    proxy.silence();
    const deadline = new AbortController();
    const silent = ask('/', deadline.signal);
    deadline.abort(new EngineTimeoutError('first-token', 1));
    await expect(silent).rejects.toBeInstanceOf(EngineTimeoutError);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(['done', 'done', 'done']);
  });

  it('uses idle connections more often where the server says that it keeps them for a short time', async () => {
    await start({ connections: 3 }, { plain: true, keepAliveMs: 3000 });
    await warm();
    const sockets = [...server.sockets];
    for (let seen = 0; seen < 6; seen++) await server.nextExchange();
    expect([...server.sockets]).toEqual(sockets);
    expect(server.connections).toBe(3);
  });
});

it('closes at once, also while an old connection finishes its request', async () => {
  await start({ maxAgeMs: 1, refreshIntervalMs: 20 }, { plain: true });
  await warm();
  server.script = ({ url, answer }) => {
    if (url === '/warm') answer.end();
  };
  const underWay = expect(ask('/long')).rejects.toThrow();
  while (pool.stats.opened <= options.connections) await new Promise(setImmediate);
  await pool.close();
  await underWay;
});
