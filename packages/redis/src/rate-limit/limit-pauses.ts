import type { RedisConnection } from '../connection/redis-connection.ts';
import { ShardedSubscriptions } from '../connection/sharded-subscriptions.ts';
import { limitKeys } from './limit-keys.ts';

const notice = /^pause (\d{1,9})$/;

/** Receives the pauses of an endpoint. If a notice is lost, the next call is rejected with `paused`. */
export class LimitPauses {
  readonly #redis: RedisConnection;
  readonly #subscriptions: ShardedSubscriptions;

  /** @param redis a connection used only for subscriptions */
  constructor(redis: RedisConnection) {
    this.#redis = redis;
    this.#subscriptions = new ShardedSubscriptions(redis);
  }

  /**
   * Subscribes to the pauses of an endpoint. Resolves when Redis has confirmed it.
   *
   * @param onPause receives the length of the pause in milliseconds
   */
  async subscribe(endpoint: string, onPause: (forMs: number) => void): Promise<void> {
    const channel = limitKeys(endpoint).capacity;
    this.#redis.on('smessage', (from: string, message: string) => {
      if (from !== channel) return;
      const [, forMs] = notice.exec(message) ?? [];
      if (forMs !== undefined) onPause(Number(forMs));
    });
    await this.#subscriptions.add(channel);
  }
}
