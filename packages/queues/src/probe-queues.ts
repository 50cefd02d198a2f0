import type { Redis } from 'ioredis';
import { queueName } from './queue-name.ts';

/** What BullMQ's scripts do with the keys of a queue. Whatever is made is gone at the end. */
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
 * Does with a key of each queue what jobs are added, taken and finished with.
 *
 * @param options.takes whether jobs are taken here too: that waits on a connection
 * @throws the error that Redis answers
 */
export async function probeQueues(redis: Redis, { takes }: { readonly takes: boolean }): Promise<void> {
  await Promise.all(
    (['partial', 'final'] as const).map(async (kind) => {
      const key = `bull:${queueName(kind)}:probe`;
      await redis.eval(script, 1, key);
      if (takes) await redis.bzpopmin(key, 0.01);
    }),
  );
}
