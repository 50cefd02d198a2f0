import type { CacheTtlClass, CallMember, Joined, SharedTranslations } from '@parley/translation';
import type { RedisConnection } from '../connection/redis-connection.ts';
import {
  cacheKey,
  defaultCacheTtls,
  lookUpArgument,
  storeArguments,
  ttlClassOf,
  type CacheTtls,
} from '../cache/cached-translation.ts';
import { SessionEntries } from '../cache/session-entries.ts';
import { asStatus, asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';

interface SingleflightLifetimes {
  /** The lease of a member. */
  readonly memberMs: number;
  /** TTL of a call's result if nothing is cached: a final follows its last partial within seconds. */
  readonly resultMs: number;
}

export interface SingleflightStoreOptions {
  /** Whether results are also stored in the entries of `CacheStore`. */
  readonly cached: boolean;
  readonly lifetimes?: SingleflightLifetimes;
  readonly cacheTtls?: CacheTtls;
}

export const defaultSingleflightLifetimes: SingleflightLifetimes = { memberMs: 1500, resultMs: 5000 };

/** The calls that equal requests share across all workers: one hash per call, `sf:{KEY}`. */
export class SingleflightStore implements SharedTranslations {
  readonly #join: Script;
  readonly #complete: Script;
  readonly #release: Script;
  /** Absent if nothing is cached. */
  readonly #entries: SessionEntries | undefined;
  readonly #lifetimes: SingleflightLifetimes;
  readonly #cacheTtls: CacheTtls;

  constructor(redis: RedisConnection, options: SingleflightStoreOptions) {
    this.#join = defineScript(redis, 'parleySingleflightJoin', new URL('join.lua', import.meta.url));
    this.#complete = defineScript(redis, 'parleySingleflightComplete', new URL('complete.lua', import.meta.url));
    this.#release = defineScript(redis, 'parleySingleflightRelease', new URL('release.lua', import.meta.url));
    this.#entries = options.cached ? new SessionEntries(redis) : undefined;
    this.#lifetimes = options.lifetimes ?? defaultSingleflightLifetimes;
    this.#cacheTtls = options.cacheTtls ?? defaultCacheTtls;
  }

  get renewEveryMs(): number {
    return this.#lifetimes.memberMs / 3;
  }

  async join(key: string, { member, kind, mayFollow, mayLead = true }: CallMember): Promise<Joined> {
    const [rawStatus, text = '', letter] = asStrings(
      await this.#join(this.#keysOf(key), [
        member,
        this.#lifetimes.memberMs,
        mayFollow ? 1 : 0,
        lookUpArgument(kind, this.#cacheTtls),
        mayLead ? 1 : 0,
      ]),
    );
    const status = asStatus(rawStatus, ['lead', 'follow', 'unshared', 'none', 'completed', 'cached']);
    if (status === 'cached') return { status, text, ttlClass: ttlClassOf(letter) };
    return status === 'completed' ? { status, text } : { status };
  }

  async complete(key: string, ttlClass: CacheTtlClass, text: string, session?: string): Promise<void> {
    const stored = storeArguments(ttlClass, this.#cacheTtls);
    const complete = () => this.#complete(this.#keysOf(key), [text, this.#lifetimes.resultMs, ...stored]);
    const isRecorded = this.#entries !== undefined && session !== undefined;
    const reply = await (isRecorded ? this.#entries.store(session, key, complete) : complete());
    asStatus(asStrings(reply)[0], ['completed']);
  }

  async release(key: string, member: string, how: 'always' | 'unless-followed'): Promise<'released' | 'followed'> {
    const [rawStatus] = asStrings(await this.#release([callKey(key)], [member, how === 'unless-followed' ? 1 : 0]));
    return asStatus(rawStatus, ['released', 'followed']);
  }

  #keysOf(key: string): string[] {
    return this.#entries ? [callKey(key), cacheKey(key)] : [callKey(key)];
  }
}

/** Returns the key of a call. The braces put it into the hash slot of the cached translation in a Redis Cluster. */
function callKey(key: string): string {
  return `sf:{${key}}`;
}
