import type { Config } from './load-config.ts';

/** Where Redis is: the one that is named, else the usual port of this machine. */
export function redisUrl(config: Pick<Config, 'REDIS_URL'>): string {
  return config.REDIS_URL ?? 'redis://127.0.0.1:6379';
}

/** Where cached translations and shared calls are: in a Redis of their own where one is named, else with all the rest. */
export function cacheRedisUrl(config: Pick<Config, 'REDIS_URL' | 'CACHE_REDIS_URL'>): string {
  return config.CACHE_REDIS_URL ?? redisUrl(config);
}
