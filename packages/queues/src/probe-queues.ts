import type { RedisConnection } from './redis-connection.ts';
import { queueKinds, queueName } from './queue-name.ts';

/** The commands that BullMQ's scripts use. All keys are deleted at the end. */
const script = `
redis.call('HSET', KEYS[1], 'a', '1')
redis.call('HMGET', KEYS[1], 'a')
redis.call('HINCRBY', KEYS[1], 'a', 1)
redis.call('EXISTS', KEYS[1])
redis.call('DEL', KEYS[1])
redis.call('LPUSH', KEYS[1], 'a')
redis.call('RPUSH', KEYS[1], 'b')
redis.call('RPOPLPUSH', KEYS[1], KEYS[1])
redis.call('LREM', KEYS[1], 0, 'a')
redis.call('LLEN', KEYS[1])
redis.call('DEL', KEYS[1])
redis.call('ZADD', KEYS[1], 1, 'a')
redis.call('ZPOPMIN', KEYS[1])
redis.call('DEL', KEYS[1])
redis.call('INCR', KEYS[1])
redis.call('SET', KEYS[1], '1', 'PX', 10000)
redis.call('DEL', KEYS[1])
redis.call('XADD', KEYS[1], 'MAXLEN', '~', 10, '*', 'a', '1')
redis.call('DEL', KEYS[1])
return 1`;

/**
 * Runs on a probe key of each queue of the first shard the commands that adding, taking and finishing jobs need.
 *
 * @param options.takes whether this process also takes jobs, which uses a blocking command
 * @throws the error reply of Redis
 */
export async function probeQueues(redis: RedisConnection, { takes }: { readonly takes: boolean }): Promise<void> {
  await Promise.all(
    queueKinds.map(async (kind) => {
      const key = `bull:${queueName(kind, 0)}:probe`;
      await redis.eval(script, 1, key);
      if (takes) await redis.bzpopmin(key, 0.01);
    }),
  );
}
