import { text as readText } from 'node:stream/consumers';
import { afterEach } from '@jest/globals';
import type { ConnectionPoolOptions } from '../src/pool/connection-pool.ts';
import { createConnectionPool } from '../src/pool/keep-alive-pool.ts';
import { makeCertificate } from './certificate.ts';
import { startScriptedServer, type ScriptedServer } from './scripted-server.ts';

/** What servers here speak TLS with; `undefined` where the machine can't make one. */
export const certificate = await makeCertificate();

export const options: Omit<ConnectionPoolOptions, 'origin'> = {
  connections: 8,
  connectTimeoutMs: 20_000,
  http2: true,
  pooled: true,
  idleTimeoutMs: 60_000,
  refreshIntervalMs: 20_000,
  certificateAuthority: certificate?.cert,
};

/** Gives a function that starts a server and a pool of connections to it; both are closed after each test of the file. */
export function poolsForFile() {
  let opened = new AsyncDisposableStack();
  afterEach(async () => {
    await opened.disposeAsync();
    opened = new AsyncDisposableStack();
  });
  return async (
    given: Partial<ConnectionPoolOptions> = {},
    how: Parameters<typeof startScriptedServer>[1] & { plain?: boolean } = {},
  ) => {
    const server = opened.adopt(
      await startScriptedServer(how.plain === true ? undefined : certificate, how),
      (started) => started.close(),
    );
    server.script = ({ answer }) => void answer.end('done');
    /** Makes a pool of connections to whatever listens there. */
    const reach = (origin: string, changed = given) => {
      const pool = opened.adopt(createConnectionPool({ ...options, origin, ...changed }), (made) => made.close());
      const ask = async (
        path = '/',
        signal = new AbortController().signal,
        useFreshConnection = false,
      ): Promise<string> => {
        const { body } = await pool.request({
          method: 'POST',
          path,
          headers: {},
          body: 'text',
          signal,
          useFreshConnection,
        });
        return readText(body);
      };
      const warm = (): Promise<number> =>
        pool.warm({ method: 'GET', path: '/warm', headers: {}, signal: new AbortController().signal });
      const askApart = (): Promise<string> => ask('/apart', new AbortController().signal, true);
      return { pool, ask, askApart, warm };
    };
    return { server, reach, ...reach(server.origin) };
  };
}

/** Until the connections are no longer so fresh that the pool clings to them. */
export function grown(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1100));
}

/** Keeps 20 requests going until 200 have been made, and aborts every fourth once the server has it. */
export async function askMany(
  server: ScriptedServer,
  ask: (path: string, signal: AbortSignal) => Promise<string>,
): Promise<{ done: number; aborted: number }> {
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
