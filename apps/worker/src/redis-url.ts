import type { Config } from '@parley/config';

/** Where Redis is when nobody says. */
export function redisUrlOf(config: Pick<Config, 'REDIS_URL'>): string {
  return config.REDIS_URL ?? 'redis://127.0.0.1:6379';
}
