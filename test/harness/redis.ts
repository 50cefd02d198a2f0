import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideRedisServer, startPrivateRedis, thisMachine, type Child, type RedisAddress } from '@parley/cli';
import { Redis } from 'ioredis';

/** A Redis for one test file alone, on a free port, with its data in a temporary folder. */
export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly process: Child<RedisAddress>;
  /** A connection that is closed together with the server. */
  connect(): Redis;
}

export async function startRedis(): Promise<TestRedis> {
  await using resources = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'parley-redis-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const program = await provideRedisServer(thisMachine(process.env));
  const redis = resources.use(await startPrivateRedis({ program, folder }));
  const owned = resources.move();
  return {
    ...redis.ready,
    process: redis,
    connect: () => {
      const connection = new Redis(redis.ready.url, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
      connection.on('error', () => undefined);
      return owned.adopt(connection, (opened) => opened.disconnect());
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
