import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { deadlinesKey, joinKey, sessionKeys, lastPollKey } from '../script/keys.ts';
import { defineScript, type Script } from '../script/script.ts';
import { uniqueName } from './unique-name.ts';
import { untilReady } from './until-ready.ts';

/** How long the keys of a probe stay where it could not end. */
const lifeMs = 10_000;
/** How long what is published may take. */
const heardWithinMs = 1000;

/** What is published isn't heard: the subscription stands at another server than the one that takes the writes. */
export class ProbeMessageLostError extends Error {
  override readonly name = 'ProbeMessageLostError';
}

export interface RedisProbeOptions {
  /** The connection for commands. */
  readonly redis: Redis;
  /** One that listens, and nothing else. */
  readonly listening: Redis;
}

/**
 * Does with Redis what a session does, over the same connections: that one is open says nothing of rights, of memory, of a
 * server that has become a replica or of a node of a cluster.
 */
export class RedisProbe {
  readonly #redis: Redis;
  readonly #listening: Redis;
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

  /** @throws the first error that Redis answers, or ProbeMessageLostError */
  async run(): Promise<void> {
    await Promise.all([untilReady(this.#redis), untilReady(this.#listening)]);
    await Promise.all([this.#writeAndHear(), this.#askDirectly()]);
  }

  async #writeAndHear(): Promise<void> {
    const { session, log, pending, wanted } = this.#keys;
    const message = String(++this.#count);
    const { channel } = this.#keys;
    await this.#listening.ssubscribe(channel);
    const heard = Promise.withResolvers<undefined>();
    const hear = (from: string, said: string): void => {
      if (from === channel && said === message) heard.resolve(undefined);
    };
    this.#listening.on('smessage', hear);
    try {
      // In the order of the script: hash, stream, sorted set, string.
      await this.#script([session, log, wanted, pending, channel], [message, lifeMs]);
      if (await isWithin(heardWithinMs, heard.promise)) return;
      // It is opened anew, to whichever server answers to the name now.
      this.#listening.disconnect(true);
      throw new ProbeMessageLostError('what was published did not arrive');
    } finally {
      this.#listening.off('smessage', hear);
    }
  }

  /** What isn't a session's own, in ways that change nothing there. */
  async #askDirectly(): Promise<void> {
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
  const over = new AbortController();
  const late = delay(timeoutMs, false, { signal: over.signal }).catch(() => false);
  const isInTime = await Promise.race([event.then(() => true), late]);
  over.abort();
  return isInTime;
}
