import type { DegradedReason } from '@parley/protocol';
import type { Redis } from 'ioredis';
import { sessionKeys } from '../script/keys.ts';

/** How often one session is told one reason by one process. */
const everyMs = 1000;
/** Edges hold it three times as long. */
const overloadedEveryMs = 5000;
/** Who was told longest ago is forgotten beyond so many, and may be told again sooner. */
const rememberedNotices = 4096;

/**
 * Tells the edges that a session gets less than it could. It is told again for as long as it is so, at most once a second,
 * and `overloaded` every five seconds; edges take silence for the end of it.
 */
export class DegradedNotices {
  readonly #redis: Redis;
  readonly #now: () => number;
  readonly #toldAtMs = new Map<string, number>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(redis: Redis, now: () => number) {
    this.#redis = redis;
    this.#now = now;
  }

  /** Says it unless it was said just now. Nobody waits for it: one that is lost is said again. */
  say(sessionId: string, reason: DegradedReason): void {
    const now = this.#now();
    const name = `${reason} ${sessionId}`;
    const pauseMs = reason === 'overloaded' ? overloadedEveryMs : everyMs;
    if (now - (this.#toldAtMs.get(name) ?? -Infinity) < pauseMs || this.#redis.status !== 'ready') return;
    this.#remember(name, now);
    this.#redis.spublish(sessionKeys(sessionId).channel, `d ${reason}`).catch(() => undefined);
  }

  /** The map is in the order of telling. */
  #remember(name: string, now: number): void {
    this.#toldAtMs.delete(name);
    this.#toldAtMs.set(name, now);
    const [longestAgo = name] = this.#toldAtMs.keys();
    if (this.#toldAtMs.size > rememberedNotices) this.#toldAtMs.delete(longestAgo);
  }
}
