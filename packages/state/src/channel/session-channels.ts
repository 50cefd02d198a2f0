import type { Redis } from 'ioredis';
import { keepWatching } from '../redis/keep-watching.ts';
import { sessionKeys } from '../redis/keys.ts';
import { parseEnvelope, type Envelope } from './envelope.ts';

export interface ChannelListener {
  /** A message of the session; `undefined` is one that can't be read, so something was missed. */
  message(envelope: Envelope | undefined): void;
  /** The connection was away and is subscribed again: what came meanwhile stands in the log only. */
  reconnected(): void;
}

const probeChannel = '{parley}:probe';

/** The sharded subscriptions of one edge, over one connection of their own (a subscribed connection can do nothing else). */
export class SessionChannels {
  readonly #redis: Redis;
  readonly #listeners = new Map<string, ChannelListener>();
  #wasReady = false;

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#wasReady = redis.status === 'ready';
    keepWatching(redis);
    redis.on('smessage', (channel: string, message: string) => this.#deliver(channel, message));
    redis.on('ready', () => {
      if (this.#wasReady) void this.#afterReconnect();
      this.#wasReady = true;
    });
  }

  /** Subscribes and resolves once Redis has acknowledged: whatever is published from then on is heard. */
  async subscribe(sessionId: string, listener: ChannelListener): Promise<void> {
    const channel = sessionKeys(sessionId).channel;
    this.#listeners.set(channel, listener);
    await this.#redis.ssubscribe(channel);
  }

  async unsubscribe(sessionId: string): Promise<void> {
    const channel = sessionKeys(sessionId).channel;
    if (this.#listeners.delete(channel)) await this.#redis.sunsubscribe(channel);
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

  /**
   * ioredis subscribes again by itself but tells nobody when that is done. Commands of one connection are answered in
   * order, so once a later subscription is acknowledged the earlier ones are as well.
   */
  async #afterReconnect(): Promise<void> {
    try {
      await this.#redis.ssubscribe(probeChannel);
      for (const listener of this.#listeners.values()) listener.reconnected();
    } catch {
      // The connection was lost again: the next `ready` comes here again.
    }
  }
}
