import type { RedisConnection } from '../connection/redis-connection.ts';
import { asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { limitKeys } from './limit-keys.ts';

const leaseMs = 15_000;
const renewEveryMs = 5000;

/**
 * Counts the worker threads that share the limits of an endpoint. Each registers every five seconds and after each
 * reconnect; a dead thread counts for 15 s. While Redis is unreachable the last count is used.
 */
export class ThreadCount implements Disposable {
  readonly #redis: RedisConnection;
  readonly #count: Script;
  readonly #key: string;
  readonly #thread: string;
  readonly #timer: NodeJS.Timeout;
  #lastCount = 1;
  #onCounted: () => void = () => undefined;
  readonly #onReady = (): void => void this.#renew();

  /** Resolves when this thread is registered, or Redis is unreachable. */
  static async start(redis: RedisConnection, endpoint: string, thread: string): Promise<ThreadCount> {
    const count = new ThreadCount(redis, endpoint, thread);
    await count.#renew();
    return count;
  }

  private constructor(redis: RedisConnection, endpoint: string, thread: string) {
    this.#redis = redis;
    this.#count = defineScript(redis, 'parleyLimitCount', new URL('count.lua', import.meta.url));
    this.#key = limitKeys(endpoint).threads;
    this.#thread = thread;
    this.#timer = setInterval(this.#onReady, renewEveryMs);
    this.#timer.unref();
    redis.on('ready', this.#onReady);
  }

  /** The number of threads, at least 1. */
  get value(): number {
    return this.#lastCount;
  }

  /** Sets a callback for each successful registration, which shows that Redis is reachable. */
  onCounted(callback: () => void): void {
    this.#onCounted = callback;
  }

  async #renew(): Promise<void> {
    if (this.#redis.status !== 'ready') return;
    try {
      const [count] = asStrings(await this.#count([this.#key], [this.#thread, leaseMs]));
      this.#lastCount = Math.max(1, Number(count));
    } catch {
      return; // Redis is unreachable; the last count is used.
    }
    this.#onCounted();
  }

  /** Unregisters this thread. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#redis.off('ready', this.#onReady);
    if (this.#redis.status === 'ready') this.#redis.zrem(this.#key, this.#thread).catch(() => undefined);
  }
}
