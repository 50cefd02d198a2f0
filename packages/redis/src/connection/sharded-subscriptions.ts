import { pingSubscribers } from './cluster-subscribers.ts';
import { isCluster, type RedisConnection } from './redis-connection.ts';

const checkIntervalMs = 5000;

/**
 * The sharded channels of a connection. They are subscribed again after a reconnect; rejected subscriptions are retried
 * every five seconds. In between the connection is pinged: a dead peer of a connection without commands would otherwise
 * go unnoticed. `socketTimeout` closes it if there is no reply.
 */
export class ShardedSubscriptions {
  readonly #redis: RedisConnection;
  readonly #onRenewed: () => void;
  readonly #channels = new Set<string>();
  #isComplete = true;

  /** @param onRenewed called when all channels are subscribed again; messages published meanwhile are lost */
  constructor(redis: RedisConnection, onRenewed: () => void = () => undefined) {
    this.#redis = redis;
    this.#onRenewed = onRenewed;
    const timer = setInterval(() => {
      if (redis.status !== 'ready') return;
      if (!this.#isComplete) void this.renew();
      else if (isCluster(redis)) pingSubscribers(redis);
      else redis.ping().catch(() => undefined);
    }, checkIntervalMs);
    timer.unref();
    redis.once('end', () => clearInterval(timer));
    let wasReady = redis.status === 'ready';
    redis.on('ready', () => {
      if (wasReady) void this.renew();
      wasReady = true;
    });
    // Slots have moved, or a replica has replaced its master.
    if (isCluster(redis)) redis.on('subscribersReady', () => void this.renew());
  }

  /** Subscribes to a channel. Resolves when Redis has confirmed it; later messages are received. */
  async add(channel: string): Promise<void> {
    this.#channels.add(channel);
    await this.#redis.ssubscribe(channel);
  }

  async delete(channel: string): Promise<void> {
    if (this.#channels.delete(channel)) await this.#redis.sunsubscribe(channel);
  }

  /** Subscribes to every channel again. Never rejects: rejected subscriptions are retried. */
  async renew(): Promise<void> {
    this.#isComplete = false;
    // One command per channel, since they may be in different slots.
    const subscribed = [...this.#channels].map((channel) => this.#redis.ssubscribe(channel));
    const results = await Promise.allSettled(subscribed);
    if (results.some(({ status }) => status === 'rejected')) return;
    this.#isComplete = true;
    this.#onRenewed();
  }
}
