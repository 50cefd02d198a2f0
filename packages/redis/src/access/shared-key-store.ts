import type { Redis } from 'ioredis';

const key = 'access:shared-key';

/** The one key of edges that were given none but listen to more than loopback: made by the first, kept in Redis. */
export class SharedKeyStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Gives the key that all edges share; `created` is true only for the edge whose candidate became it. */
  async getOrCreate(candidate: string): Promise<{ key: string; created: boolean }> {
    const kept = await this.#redis.set(key, candidate, 'NX', 'GET');
    return { key: kept ?? candidate, created: kept === null };
  }
}
