import { afterAll } from '@jest/globals';
import type { Redis } from 'ioredis';
import { startRedis, type TestRedis } from '../../../test/harness/redis.ts';

/** Starts a Redis for the tests of one file and connects to it; both are closed afterwards. */
export async function redisForFile(): Promise<{ server: TestRedis; redis: Redis }> {
  const server = await startRedis();
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });
  return { server, redis: server.connect() };
}
