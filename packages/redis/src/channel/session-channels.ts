import type { RedisConnection } from '../connection/redis-connection.ts';
import { sessionKeys } from '../script/keys.ts';
import { ShardedSubscriptions } from '../connection/sharded-subscriptions.ts';
import { parseEnvelope, type Envelope } from './envelope.ts';

export interface ChannelListener {
  /** Receives a message of the session; `undefined` if it can't be parsed, so something was missed. */
  message(envelope: Envelope | undefined): void;
  /** The channel was subscribed again after an interruption; messages sent meanwhile are only in the log. */
  reconnected(): void;
}

/** An edge's subscriptions to session channels, on their own connection, since it accepts no other commands. */
export class SessionChannels {
  readonly #subscriptions: ShardedSubscriptions;
  readonly #listeners = new Map<string, ChannelListener>();

  constructor(redis: RedisConnection) {
    this.#subscriptions = new ShardedSubscriptions(redis, () => {
      for (const listener of this.#listeners.values()) listener.reconnected();
    });
    redis.on('smessage', (channel: string, message: string) => this.#deliver(channel, message));
  }

  /** Subscribes to a session. Resolves when Redis has confirmed it; later messages are received. */
  async subscribe(sessionId: string, listener: ChannelListener): Promise<void> {
    const channel = sessionKeys(sessionId).channel;
    this.#listeners.set(channel, listener);
    await this.#subscriptions.add(channel);
  }

  async unsubscribe(sessionId: string): Promise<void> {
    const channel = sessionKeys(sessionId).channel;
    if (this.#listeners.delete(channel)) await this.#subscriptions.delete(channel);
  }

  /** Subscribes to all channels again and notifies their listeners, in case Redis rejected a subscription. */
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
