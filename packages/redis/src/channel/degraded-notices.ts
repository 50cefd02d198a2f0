import type { DegradedReason } from '@parley/protocol';
import type { RedisConnection } from '../connection/redis-connection.ts';
import { sessionKeys } from '../script/keys.ts';

/** Minimum interval between equal notices of one process to one session. */
const intervalMs = 1000;
/** Edges keep `overloaded` for three times this interval. */
const overloadedIntervalMs = 5000;
/** A bound for memory: beyond it the oldest notice is dropped and may be repeated earlier. */
const maxRememberedNotices = 4096;

/**
 * Notifies edges that a session is degraded. The notice is repeated while the reason persists, at most once a second,
 * and every five seconds for `overloaded`; edges treat its absence as recovery.
 */
export class DegradedNotices {
  readonly #redis: RedisConnection;
  readonly #now: () => number;
  readonly #publishedAtMs = new Map<string, number>();

  /** @param now returns milliseconds of a monotonic clock */
  constructor(redis: RedisConnection, now: () => number) {
    this.#redis = redis;
    this.#now = now;
  }

  /** Publishes a notice unless an equal one was published recently. Failures are ignored, since it is repeated. */
  publish(sessionId: string, reason: DegradedReason): void {
    const now = this.#now();
    const name = `${reason} ${sessionId}`;
    const minIntervalMs = reason === 'overloaded' ? overloadedIntervalMs : intervalMs;
    if (now - (this.#publishedAtMs.get(name) ?? -Infinity) < minIntervalMs || this.#redis.status !== 'ready') return;
    this.#remember(name, now);
    this.#redis.spublish(sessionKeys(sessionId).channel, `d ${reason}`).catch(() => undefined);
  }

  /** Keeps the map in the order of publication. */
  #remember(name: string, now: number): void {
    this.#publishedAtMs.delete(name);
    this.#publishedAtMs.set(name, now);
    const [oldest = name] = this.#publishedAtMs.keys();
    if (this.#publishedAtMs.size > maxRememberedNotices) this.#publishedAtMs.delete(oldest);
  }
}
