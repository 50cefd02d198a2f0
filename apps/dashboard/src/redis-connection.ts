import type { Redis } from 'ioredis';
import { redisUrl, type Config } from '@parley/config';
import type { QueueViews } from '@parley/queues';
import { connectRedis, untilReady } from '@parley/redis/connection';

/** Opens the connection that the queues share. It reconnects for ever; who waits for an answer has a deadline of their own. */
export function openRedis(config: Pick<Config, 'REDIS_URL'>, onError: (error: Error) => void): Redis {
  return connectRedis(redisUrl(config), { name: 'parley-dashboard', onError });
}

/**
 * Looks into both queues, as the board does. A master that has become a replica since the last look would show what was: the
 * connection leaves it.
 *
 * @returns a probe that rejects with what Redis answers
 */
export function queueProbe(redis: Redis, queues: QueueViews): () => Promise<void> {
  let wasMaster = false;
  return async () => {
    await untilReady(redis);
    await Promise.all([queues.depth('partial'), queues.depth('final')]);
    const role = await roleOf(redis);
    if (wasMaster && role === 'slave') redis.disconnect(true);
    wasMaster = role === 'master';
  };
}

/** `undefined` where the Redis user may not ask. */
async function roleOf(redis: Redis): Promise<unknown> {
  try {
    const [role] = await redis.role();
    return role;
  } catch {
    return undefined;
  }
}
