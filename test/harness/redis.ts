import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureRedisServer, startPrivateRedis, thisMachine } from '@parley/cli';
import { Redis } from 'ioredis';

/** A Redis for one test file alone, on a free port, with its data in a temporary folder. */
export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** A connection that is closed together with the server. */
  connect(): Redis;
  /** Ends the server at once, as a power cut does. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with what its append-only file holds. */
  start(): Promise<void>;
  /** Puts the data of this moment aside. */
  keepData(): Promise<void>;
  /** While the server is down: puts back what was kept, so that everything since then is lost. */
  restoreData(): Promise<void>;
}

export async function startRedis(): Promise<TestRedis> {
  await using resources = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'parley-redis-'));
  resources.defer(() => rm(home, { recursive: true, force: true }));
  const [folder, kept] = [join(home, 'data'), join(home, 'kept')];
  await mkdir(folder);
  const program = await ensureRedisServer(thisMachine(process.env));
  let server = await startPrivateRedis({ program, folder });
  resources.defer(async () => {
    await server.stop();
  });
  const { url, port } = server.ready;
  const owned = resources.move();
  return {
    url,
    port,
    get pid() {
      return server.pid;
    },
    connect: () => {
      const connection = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
      connection.on('error', () => undefined);
      return owned.adopt(connection, (opened) => opened.disconnect());
    },
    kill: async () => {
      server.kill();
      await server.exited;
    },
    start: async () => {
      server = await startPrivateRedis({ program, folder, port });
    },
    keepData: () => cp(folder, kept, { recursive: true, force: true }),
    restoreData: async () => {
      await rm(folder, { recursive: true });
      await cp(kept, folder, { recursive: true });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
