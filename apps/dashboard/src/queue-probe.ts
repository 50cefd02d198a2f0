import { queueKinds, type QueueViews } from '@parley/queues';
import { reconnect, untilReady, type RedisConnection } from '@parley/redis/connection';

/**
 * Creates a probe that reads all queues, as the board does. If the server was a master and is now a replica, its
 * data may be outdated, so the connection is reset.
 *
 * @returns a probe that rejects with the error of Redis
 */
export function queueProbe(redis: RedisConnection, queues: QueueViews): () => Promise<void> {
  let wasMaster = false;
  return async () => {
    await untilReady(redis);
    await Promise.all(queueKinds.map((kind) => queues.depth(kind)));
    const role = await roleOf(redis);
    if (wasMaster && role === 'slave') reconnect(redis);
    wasMaster = role === 'master';
  };
}

/** Returns `undefined` if the Redis user lacks the permission. */
async function roleOf(redis: RedisConnection): Promise<unknown> {
  try {
    const [role] = await redis.role();
    return role;
  } catch {
    return undefined;
  }
}
