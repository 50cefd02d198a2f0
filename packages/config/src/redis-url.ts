import type { Config } from './load-config.ts';

/** Where Redis is: the one that is named, else the usual port of this machine. */
export function redisUrl(config: Pick<Config, 'REDIS_URL'>): string {
  return config.REDIS_URL ?? 'redis://127.0.0.1:6379';
}
