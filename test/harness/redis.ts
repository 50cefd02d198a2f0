import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureRedisServer, startPrivateRedis, thisMachine } from '@parley/cli';
import { loadConfig, redisServers } from '@parley/config';
import type { RedisServers } from '@parley/redis/servers';
import { Redis } from 'ioredis';

/** A Redis for one test file, on a free port, with its data in a temporary folder. */
export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  readonly servers: RedisServers;
  readonly port: number;
  readonly pid: number;
  /** Returns a connection that is closed together with the server. */
  connect(): Redis;
  /** Kills the server. */
  kill(): Promise<void>;
  /** Restarts the server on the same port with its append-only file. */
  start(): Promise<void>;
  /** Takes a copy of the current data. */
  keepData(): Promise<void>;
  /** Restores the copy while the server is down, so that later writes are lost. */
  restoreData(): Promise<void>;
}

/** The server at a URL. */
export function serversAt(url: string): RedisServers {
  return redisServers(loadConfig({ REDIS_URL: url }));
}

/** @param purpose `cache`: limited memory with eviction, nothing on disk; default: `sessions` */
export async function startRedis(purpose: 'sessions' | 'cache' = 'sessions'): Promise<TestRedis> {
  await using resources = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'parley-redis-'));
  resources.defer(() => rm(home, { recursive: true, force: true }));
  const [folder, kept] = [join(home, 'data'), join(home, 'kept')];
  await mkdir(folder);
  const program = await ensureRedisServer(thisMachine(process.env));
  let server = await startPrivateRedis({ program, folder, purpose });
  resources.defer(async () => {
    await server.stop();
  });
  const { url, port } = server.ready;
  const owned = resources.move();
  return {
    url,
    servers: serversAt(url),
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
      server = await startPrivateRedis({ program, folder, port, purpose });
    },
    keepData: () => cp(folder, kept, { recursive: true, force: true }),
    restoreData: async () => {
      await rm(folder, { recursive: true });
      await cp(kept, folder, { recursive: true });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
