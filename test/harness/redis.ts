import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideRedisServer, startPrivateRedis, thisMachine, type Child, type RedisAddress } from '@parley/cli';

/** A Redis for one test file alone, on a free port, with its data in a temporary folder. */
export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly process: Child<RedisAddress>;
}

export async function startRedis(): Promise<TestRedis> {
  await using resources = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'parley-redis-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const program = await provideRedisServer(thisMachine(process.env));
  const redis = resources.use(await startPrivateRedis({ program, folder }));
  const owned = resources.move();
  return { ...redis.ready, process: redis, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
