import type { RedisConnection } from '../connection/redis-connection.ts';
import { retention } from '../retention/retention.ts';
import { cacheErasuresKey } from '../script/keys.ts';

/**
 * Deleted sessions whose cached translations are still to be erased. They are kept apart from the sessions, because the cache may
 * be in another Redis that is away for longer than a deleted session is remembered.
 */
export class CacheErasures {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async add(sessionId: string): Promise<void> {
    const nowMs = Date.now();
    await this.#redis.zadd(cacheErasuresKey, nowMs, sessionId);
    // By then, the translations have expired.
    await this.#redis.zremrangebyscore(cacheErasuresKey, '-inf', nowMs - retention.cachedFinalMs);
  }

  async isPending(sessionId: string): Promise<boolean> {
    return (await this.#redis.zscore(cacheErasuresKey, sessionId)) !== null;
  }

  async remove(sessionId: string): Promise<void> {
    await this.#redis.zrem(cacheErasuresKey, sessionId);
  }
}
