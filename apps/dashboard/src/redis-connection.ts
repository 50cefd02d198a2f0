import { Redis } from 'ioredis';
import { redisUrl, type Config } from '@parley/config';
import type { Logger } from '@parley/telemetry';

/** Opens the connection that the lanes share. It reconnects for ever; an outage is logged once when it begins and once when it ends. */
export function openRedis(config: Pick<Config, 'REDIS_URL'>, logger: Logger): Redis {
  const redis = new Redis(redisUrl(config), {
    connectionName: 'parley-dashboard',
    connectTimeout: 3000,
    // Also how long a timer outlives a disconnect() during an outage.
    disconnectTimeout: 250,
    // BullMQ's first command must survive a cut; who waits for an answer has a deadline of their own.
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(attempt * 100, 1000),
  });
  let reachable = true;
  redis.on('error', (error) => {
    if (reachable) logger.warn({ err: error }, 'redis unreachable');
    reachable = false;
  });
  redis.on('ready', () => {
    if (!reachable) logger.info('redis reachable again');
    reachable = true;
  });
  return redis;
}
