import type { Redis } from 'ioredis';

const everyMs = 5000;

/**
 * The sharded channels that a connection listens to. They are subscribed again after the connection was away, and a
 * refusal is tried again every few seconds. In between it is asked for a sign of life: nothing else would show that the peer
 * of a connection that only listens is gone without a word; `socketTimeout` ends it where no answer comes.
 */
export class ShardedSubscriptions {
  readonly #redis: Redis;
  readonly #onRenewed: () => void;
  readonly #channels = new Set<string>();
  #isComplete = true;

  /** @param onRenewed hears that all channels are subscribed again: what was published meanwhile is missed */
  constructor(redis: Redis, onRenewed: () => void = () => undefined) {
    this.#redis = redis;
    this.#onRenewed = onRenewed;
    const timer = setInterval(() => {
      if (redis.status !== 'ready') return;
      if (this.#isComplete) redis.ping().catch(() => undefined);
      else void this.renew();
    }, everyMs);
    timer.unref();
    redis.once('end', () => clearInterval(timer));
    let wasReady = redis.status === 'ready';
    redis.on('ready', () => {
      if (wasReady) void this.renew();
      wasReady = true;
    });
  }

  /** Resolves once Redis has acknowledged: whatever is published from then on is heard. */
  async add(channel: string): Promise<void> {
    this.#channels.add(channel);
    await this.#redis.ssubscribe(channel);
  }

  async delete(channel: string): Promise<void> {
    if (this.#channels.delete(channel)) await this.#redis.sunsubscribe(channel);
  }

  /** Subscribes every channel again. Never rejects: what is refused is tried again later. */
  async renew(): Promise<void> {
    this.#isComplete = false;
    // One by one: the channels of a connection may lie in different slots.
    const asked = [...this.#channels].map((channel) => this.#redis.ssubscribe(channel));
    const answers = await Promise.allSettled(asked);
    if (answers.some(({ status }) => status === 'rejected')) return;
    this.#isComplete = true;
    this.#onRenewed();
  }
}
