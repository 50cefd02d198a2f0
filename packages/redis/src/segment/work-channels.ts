import type { RedisConnection } from '../connection/redis-connection.ts';
import { sessionKeys } from '../script/keys.ts';
import { ShardedSubscriptions } from '../connection/sharded-subscriptions.ts';
import { parseWorkMessage, type WorkMessage } from './work-message.ts';

/** How long an unused subscription is kept: the session's next segment usually starts within seconds. */
const lingerMs = 10_000;

export interface WorkListener {
  message(message: WorkMessage): void;
  /** Messages may have been missed: the connection was interrupted, or a message could not be parsed. */
  missed(): void;
}

interface Subscription {
  readonly listeners: Set<WorkListener>;
  readonly subscribed: Promise<void>;
  linger?: NodeJS.Timeout;
}

/** A worker thread's subscriptions to work channels: one per session, shared by all of its segments in this thread. */
export class WorkChannels implements Disposable {
  readonly #subscriptions: ShardedSubscriptions;
  readonly #byChannel = new Map<string, Subscription>();

  /** @param redis a connection used only for subscriptions */
  constructor(redis: RedisConnection) {
    this.#subscriptions = new ShardedSubscriptions(redis, () => {
      for (const { listeners } of this.#byChannel.values()) for (const listener of listeners) listener.missed();
    });
    redis.on('smessage', (channel: string, message: string) => {
      const listeners = this.#byChannel.get(channel)?.listeners;
      if (listeners === undefined) return;
      const parsed = parseWorkMessage(message);
      for (const listener of [...listeners]) {
        if (parsed === undefined) listener.missed();
        else listener.message(parsed);
      }
    });
  }

  /**
   * Subscribes to the work channel of a session until the returned object is disposed. Resolves when Redis has
   * confirmed it.
   *
   * @throws the error reply if Redis rejects the subscription
   */
  async subscribe(sessionId: string, listener: WorkListener): Promise<Disposable> {
    const channel = sessionKeys(sessionId).work;
    let subscription = this.#byChannel.get(channel);
    if (subscription === undefined) {
      subscription = { listeners: new Set(), subscribed: this.#subscriptions.add(channel) };
      this.#byChannel.set(channel, subscription);
    }
    const { listeners } = subscription;
    clearTimeout(subscription.linger);
    listeners.add(listener);
    try {
      await subscription.subscribed;
    } catch (error) {
      listeners.delete(listener);
      if (listeners.size === 0) this.#drop(channel, subscription);
      throw error;
    }
    return { [Symbol.dispose]: () => this.#unsubscribe(channel, subscription, listener) };
  }

  [Symbol.dispose](): void {
    for (const { linger } of this.#byChannel.values()) clearTimeout(linger);
    this.#byChannel.clear();
  }

  #unsubscribe(channel: string, subscription: Subscription, listener: WorkListener): void {
    subscription.listeners.delete(listener);
    if (subscription.listeners.size > 0) return;
    clearTimeout(subscription.linger);
    subscription.linger = setTimeout(() => this.#drop(channel, subscription), lingerMs);
    subscription.linger.unref();
  }

  #drop(channel: string, subscription: Subscription): void {
    if (this.#byChannel.get(channel) !== subscription) return;
    this.#byChannel.delete(channel);
    this.#subscriptions.delete(channel).catch(() => undefined); // Redis is unreachable, so there is no subscription.
  }
}
