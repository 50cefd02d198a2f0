import type { Config } from './load-config.ts';

/** The URL of the Redis for sessions and jobs; by default the standard port on this machine. */
export function redisUrl(config: Pick<Config, 'REDIS_URL'>): string {
  return config.REDIS_URL ?? 'redis://127.0.0.1:6379';
}

/** The URL of the Redis for cached translations and singleflight; by default the same one. */
export function cacheRedisUrl(config: Pick<Config, 'REDIS_URL' | 'CACHE_REDIS_URL'>): string {
  return config.CACHE_REDIS_URL ?? redisUrl(config);
}
