import type { Redis } from 'ioredis';
import { redisUrl, type Config } from '@parley/config';
import type { LaneViews } from '@parley/lanes';
import { connectRedis, untilReady } from '@parley/state';

/** Opens the connection that the lanes share. It reconnects for ever; who waits for an answer has a deadline of their own. */
export function openRedis(config: Pick<Config, 'REDIS_URL'>, onError: (error: Error) => void): Redis {
  return connectRedis(redisUrl(config), { name: 'parley-dashboard', onError });
}

/**
 * Looks into both lanes, as the board does. A master that has become a replica since the last look would show what was: the
 * connection leaves it.
 *
 * @returns a probe that rejects with what Redis answers
 */
export function laneProbe(redis: Redis, lanes: LaneViews): () => Promise<void> {
  let wasMaster = false;
  return async () => {
    await untilReady(redis);
    await Promise.all([lanes.depth('partial'), lanes.depth('final')]);
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
