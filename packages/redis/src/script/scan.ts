import type { Redis } from 'ioredis';

const keysPerCall = 1000;

/**
 * Yields the names of all keys, or of those that match a pattern, in batches, some of them perhaps twice. Redis is busy only
 * for a moment with each.
 */
export async function* scanKeys(redis: Redis, pattern = '*'): AsyncGenerator<string[]> {
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', keysPerCall);
    cursor = next;
    yield [...new Set(keys)];
  } while (cursor !== '0');
}
