import type { Redis } from 'ioredis';
import { isCluster, type RedisConnection } from '../connection/redis-connection.ts';
import { untilReady } from '../connection/until-ready.ts';

const keysPerCall = 1000;

/**
 * Yields the names of all keys, or of those that match a pattern, in batches, some of them perhaps twice. Redis is busy only
 * for a moment with each. In a cluster, keys may be missed whose slot is moved meanwhile.
 */
export async function* scanKeys(redis: RedisConnection, pattern = '*'): AsyncGenerator<string[]> {
  for (const server of await mastersOf(redis)) {
    let cursor = '0';
    do {
      const [next, keys] = await server.scan(cursor, 'MATCH', pattern, 'COUNT', keysPerCall);
      cursor = next;
      yield [...new Set(keys)];
    } while (cursor !== '0');
  }
}

/** A cluster's connection knows its nodes only once it is ready. */
async function mastersOf(redis: RedisConnection): Promise<readonly Redis[]> {
  if (!isCluster(redis)) return [redis];
  await untilReady(redis);
  return redis.nodes('master');
}
