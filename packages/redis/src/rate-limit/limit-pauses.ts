import type { Redis } from 'ioredis';
import { ShardedSubscriptions } from '../connection/sharded-subscriptions.ts';
import { limitKeys } from './limit-keys.ts';

const notice = /^pause (\d{1,9})$/;

/** Hears that an endpoint wants to be left alone, whichever thread it told. A notice may be lost: the next call finds out. */
export class LimitPauses {
  readonly #redis: Redis;
  readonly #subscriptions: ShardedSubscriptions;

  /** @param redis a connection that only listens */
  constructor(redis: Redis) {
    this.#redis = redis;
    this.#subscriptions = new ShardedSubscriptions(redis);
  }

  /** Resolves once Redis has acknowledged; from then on `onPause` hears for how many milliseconds. */
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
