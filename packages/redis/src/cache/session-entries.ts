import type { RedisConnection } from '../connection/redis-connection.ts';
import { asStatus, asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { cacheKey, defaultCacheTtls } from './cached-translation.ts';

export interface SessionEntriesOptions {
  /** A session with more entries loses some of them early. */
  readonly maxEntries?: number;
  /** At least the TTL of the entries. */
  readonly ttlMs?: number;
}

/** About 2 MB of Redis's memory. */
const defaultMaxEntries = 20_000;
/** Longer than a call that was under way when its session was erased. */
const closedMs = 10 * 60_000;
const keysPerScan = 200;

/**
 * Which entries of the cache each session has made, so that they can be erased with it: one set of keys per session,
 * `trs:{SESSION}`.
 */
export class SessionEntries {
  readonly #redis: RedisConnection;
  readonly #record: Script;
  readonly #close: Script;
  readonly #maxEntries: number;
  readonly #ttlMs: number;

  constructor(redis: RedisConnection, options: SessionEntriesOptions = {}) {
    this.#redis = redis;
    this.#record = defineScript(redis, 'parleyCacheRecordEntry', new URL('record-entry.lua', import.meta.url));
    this.#close = defineScript(redis, 'parleyCacheCloseEntries', new URL('close-entries.lua', import.meta.url));
    this.#maxEntries = options.maxEntries ?? defaultMaxEntries;
    this.#ttlMs = options.ttlMs ?? defaultCacheTtls.finalMs;
  }

  /**
   * Records an entry and stores it, in one round trip. An entry that can't be recorded is deleted again.
   *
   * @param store sends the command that stores the entry
   * @throws the error of `store`
   */
  async store<Reply>(sessionId: string, key: string, store: () => Promise<Reply>): Promise<Reply> {
    // Two commands, since in a Redis Cluster the keys are in different slots. The first one is not awaited before the second.
    const recording = this.#record([entriesKey(sessionId)], [key, this.#maxEntries, this.#ttlMs]);
    const [recorded, stored] = await Promise.allSettled([recording, store()]);
    if (stored.status === 'rejected') throw stored.reason;
    const surplus = recorded.status === 'fulfilled' ? surplusOf(recorded.value) : key;
    if (surplus !== undefined) await this.#redis.unlink(cacheKey(surplus));
    return stored.value;
  }

  /** Deletes all entries that the session has made, and those that it still makes. May be repeated. */
  async erase(sessionId: string): Promise<void> {
    const entries = entriesKey(sessionId);
    asStatus(asStrings(await this.#close([entries], [closedMs]))[0], ['closed']);
    let cursor = '0';
    do {
      const [next, members] = await this.#redis.sscan(entries, cursor, 'COUNT', keysPerScan);
      const keys = members.filter((member) => member !== '');
      await Promise.all(keys.map((key) => this.#redis.unlink(cacheKey(key))));
      // Only now: if this process dies in between, another one finds them.
      if (keys.length > 0) await this.#redis.srem(entries, ...keys);
      cursor = next;
    } while (cursor !== '0');
  }
}

function surplusOf(reply: unknown): string | undefined {
  const [rawStatus, key] = asStrings(reply);
  return asStatus(rawStatus, ['recorded', 'surplus']) === 'surplus' ? key : undefined;
}

function entriesKey(sessionId: string): string {
  return `trs:{${sessionId}}`;
}
