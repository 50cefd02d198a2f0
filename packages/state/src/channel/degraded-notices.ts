import type { DegradedReason } from '@parley/protocol';
import type { Redis } from 'ioredis';
import { sessionKeys } from '../redis/keys.ts';

/** How often one session is told one reason by one process. */
const everyMs = 1000;
/** From so many sessions on, those told long ago are forgotten. */
const rememberedSessions = 256;

/**
 * Tells the edges that a session gets less than it could. It is told again for as long as it is so, at most once a second;
 * edges take silence for the end of it.
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
    if (now - (this.#toldAtMs.get(name) ?? -Infinity) < everyMs || this.#redis.status !== 'ready') return;
    if (this.#toldAtMs.size >= rememberedSessions) this.#forget(now);
    this.#toldAtMs.set(name, now);
    this.#redis.spublish(sessionKeys(sessionId).channel, `d ${reason}`).catch(() => undefined);
  }

  #forget(now: number): void {
    for (const [name, toldAtMs] of this.#toldAtMs) if (now - toldAtMs >= everyMs) this.#toldAtMs.delete(name);
  }
}
