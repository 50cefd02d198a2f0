import { setTimeout as delay } from 'node:timers/promises';
import type { RedisConnection } from './redis-connection.ts';
import { reconnect } from './reconnect.ts';
import { deadlinesKey, joinKey, sessionKeys, lastPollKey } from '../script/keys.ts';
import { defineScript, type Script } from '../script/script.ts';
import { uniqueName } from './unique-name.ts';
import { untilReady } from './until-ready.ts';

/** TTL of the probe's keys, in case it is interrupted. */
const ttlMs = 10_000;
/** Timeout for receiving the published message. */
const messageTimeoutMs = 1000;

/** The published message was not received: the subscription is at another server than the writes. */
export class ProbeMessageLostError extends Error {
  override readonly name = 'ProbeMessageLostError';
}

export interface RedisProbeOptions {
  readonly redis: RedisConnection;
  /** A connection used only for subscriptions. */
  readonly listening: RedisConnection;
}

/**
 * Runs the operations of a session on the same connections. An open connection alone doesn't show missing permissions,
 * exhausted memory, a server that has become a replica, or a cluster node.
 */
export class RedisProbe {
  readonly #redis: RedisConnection;
  readonly #listening: RedisConnection;
  readonly #script: Script;
  readonly #keys: ReturnType<typeof sessionKeys>;
  readonly #joinKey: string;
  #count = 0;

  constructor({ redis, listening }: RedisProbeOptions) {
    const name = `probe-${uniqueName()}`;
    this.#redis = redis;
    this.#listening = listening;
    this.#script = defineScript(redis, 'parleyProbe', new URL('probe.lua', import.meta.url));
    this.#keys = sessionKeys(name);
    this.#joinKey = joinKey(name);
  }

  /**
   * Runs the probe.
   * @throws the first error reply of Redis, or ProbeMessageLostError
   */
  async run(): Promise<void> {
    await Promise.all([untilReady(this.#redis), untilReady(this.#listening)]);
    await Promise.all([this.#publishAndReceive(), this.#accessSharedKeys()]);
  }

  async #publishAndReceive(): Promise<void> {
    const { session, log, pending, wanted } = this.#keys;
    const message = String(++this.#count);
    const { channel } = this.#keys;
    await this.#listening.ssubscribe(channel);
    const received = Promise.withResolvers<undefined>();
    const onMessage = (from: string, content: string): void => {
      if (from === channel && content === message) received.resolve(undefined);
    };
    this.#listening.on('smessage', onMessage);
    try {
      // In the order of the script: hash, stream, sorted set, string.
      await this.#script([session, log, wanted, pending, channel], [message, ttlMs]);
      if (await isWithin(messageTimeoutMs, received.promise)) return;
      reconnect(this.#listening);
      throw new ProbeMessageLostError('the published message was not received');
    } finally {
      this.#listening.off('smessage', onMessage);
    }
  }

  /** Runs commands on keys outside of a session, in ways that change nothing. */
  async #accessSharedKeys(): Promise<void> {
    const redis = this.#redis;
    await Promise.all([
      redis.zadd(deadlinesKey, 'XX', 0, this.#keys.session),
      redis.hget(lastPollKey, 'at'),
      redis.set(this.#joinKey, '', 'PX', 1, 'XX'),
      redis.get(this.#joinKey),
      redis.get('engine:profile'),
      redis.xrevrange(this.#keys.log, '+', '-', 'COUNT', 1),
    ]);
  }
}

async function isWithin(timeoutMs: number, event: Promise<unknown>): Promise<boolean> {
  const controller = new AbortController();
  const timeout = delay(timeoutMs, false, { signal: controller.signal }).catch(() => false);
  const isInTime = await Promise.race([event.then(() => true), timeout]);
  controller.abort();
  return isInTime;
}
