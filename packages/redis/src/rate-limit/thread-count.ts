import type { Redis } from 'ioredis';
import { asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { limitKeys } from './limit-keys.ts';

const leaseMs = 15_000;
const renewEveryMs = 5000;

/**
 * How many worker threads share the limits of an endpoint: each has itself counted every five seconds and
 * whenever Redis is back, and a dead one counts for fifteen. While Redis is away the last number holds.
 */
export class ThreadCount implements Disposable {
  readonly #redis: Redis;
  readonly #count: Script;
  readonly #key: string;
  readonly #thread: string;
  readonly #timer: NodeJS.Timeout;
  #known = 1;
  #heard: () => void = () => undefined;
  readonly #onReady = (): void => void this.#renew();

  /** Resolves when this thread is counted, or Redis can't be asked. */
  static async start(redis: Redis, endpoint: string, thread: string): Promise<ThreadCount> {
    const count = new ThreadCount(redis, endpoint, thread);
    await count.#renew();
    return count;
  }

  private constructor(redis: Redis, endpoint: string, thread: string) {
    this.#redis = redis;
    this.#count = defineScript(redis, 'parleyLimitCount', new URL('count.lua', import.meta.url));
    this.#key = limitKeys(endpoint).threads;
    this.#thread = thread;
    this.#timer = setInterval(this.#onReady, renewEveryMs);
    this.#timer.unref();
    redis.on('ready', this.#onReady);
  }

  /** At least 1. */
  get value(): number {
    return this.#known;
  }

  /** Hears each time that Redis has counted this thread: then it can be asked. */
  onCounted(heard: () => void): void {
    this.#heard = heard;
  }

  async #renew(): Promise<void> {
    if (this.#redis.status !== 'ready') return;
    try {
      const [count] = asStrings(await this.#count([this.#key], [this.#thread, leaseMs]));
      this.#known = Math.max(1, Number(count));
    } catch {
      return; // Redis is away: the number that was known holds.
    }
    this.#heard();
  }

  /** It counts no more, here and for the others. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#redis.off('ready', this.#onReady);
    if (this.#redis.status === 'ready') this.#redis.zrem(this.#key, this.#thread).catch(() => undefined);
  }
}
