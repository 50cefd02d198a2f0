import { translationKeyPrefix } from '@parley/translation';
import type { RedisConnection } from '../connection/redis-connection.ts';
import { scanKeys } from '../script/scan.ts';

/**
 * Erases the cached translations and shared calls of a tenant. Those that tenants share (`CACHE_SHARED=on`) are nobody's, and
 * expire.
 *
 * @returns the number of keys
 */
export async function eraseCached(redis: RedisConnection, tenant: string): Promise<number> {
  let count = 0;
  for (const kind of ['tr', 'sf']) {
    // A hash in base64url contains nothing that a pattern would interpret.
    for await (const keys of scanKeys(redis, `${kind}:{${translationKeyPrefix(tenant)}*`)) {
      count += (await Promise.all(keys.map((key) => redis.unlink(key)))).reduce((sum, number) => sum + number, 0);
    }
  }
  return count;
}
