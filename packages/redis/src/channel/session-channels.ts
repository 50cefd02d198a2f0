import type { Redis } from 'ioredis';
import { sessionKeys } from '../script/keys.ts';
import { ShardedSubscriptions } from '../connection/sharded-subscriptions.ts';
import { parseEnvelope, type Envelope } from './envelope.ts';

export interface ChannelListener {
  /** A message of the session; `undefined` is one that can't be read, so something was missed. */
  message(envelope: Envelope | undefined): void;
  /** The connection was away and is subscribed again: what came meanwhile stands in the log only. */
  reconnected(): void;
}

/** The sharded subscriptions of one edge, over one connection of their own (a subscribed connection can do nothing else). */
export class SessionChannels {
  readonly #subscriptions: ShardedSubscriptions;
  readonly #listeners = new Map<string, ChannelListener>();

  constructor(redis: Redis) {
    this.#subscriptions = new ShardedSubscriptions(redis, () => {
      for (const listener of this.#listeners.values()) listener.reconnected();
    });
    redis.on('smessage', (channel: string, message: string) => this.#deliver(channel, message));
  }

  /** Subscribes and resolves once Redis has acknowledged: whatever is published from then on is heard. */
  async subscribe(sessionId: string, listener: ChannelListener): Promise<void> {
    const channel = sessionKeys(sessionId).channel;
    this.#listeners.set(channel, listener);
    await this.#subscriptions.add(channel);
  }

  async unsubscribe(sessionId: string): Promise<void> {
    const channel = sessionKeys(sessionId).channel;
    if (this.#listeners.delete(channel)) await this.#subscriptions.delete(channel);
  }

  /** Subscribes again, and has every session look at its log: Redis may have refused a subscription. */
  renew(): Promise<void> {
    return this.#subscriptions.renew();
  }

  #deliver(channel: string, message: string): void {
    const listener = this.#listeners.get(channel);
    if (listener === undefined) return;
    let envelope: Envelope | undefined;
    try {
      envelope = parseEnvelope(message);
    } catch {
      envelope = undefined;
    }
    listener.message(envelope);
  }
}
