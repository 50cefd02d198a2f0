import type { RedisConnection } from '../connection/redis-connection.ts';

const key = 'access:shared-key';

/** The API key of edges without configured keys that listen on more than loopback, created by the first. */
export class SharedKeyStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  /** Returns the shared key; `created` is true only for the edge whose candidate was stored. */
  async getOrCreate(candidate: string): Promise<{ key: string; created: boolean }> {
    const stored = await this.#redis.set(key, candidate, 'NX', 'GET');
    return { key: stored ?? candidate, created: stored === null };
  }
}
