import type { CacheTtlClass, CallMember, Joined, SharedTranslations } from '@parley/translation';
import type { RedisConnection } from '../connection/redis-connection.ts';
import { asStatus, asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import {
  cacheKey,
  defaultCacheTtls,
  lookUpArgument,
  storeArguments,
  ttlClassOf,
  type CacheTtls,
} from './cached-translation.ts';
import { SessionEntries } from './session-entries.ts';

/** The translation cache of all workers, without singleflight: one string per translation, `tr:{KEY}`. */
export class CacheStore implements SharedTranslations {
  readonly renewEveryMs = Infinity;
  readonly #find: Script;
  readonly #store: Script;
  readonly #entries: SessionEntries;
  readonly #ttls: CacheTtls;

  constructor(redis: RedisConnection, ttls: CacheTtls = defaultCacheTtls) {
    this.#find = defineScript(redis, 'parleyCacheFind', new URL('find.lua', import.meta.url));
    this.#store = defineScript(redis, 'parleyCacheStore', new URL('store.lua', import.meta.url));
    this.#entries = new SessionEntries(redis);
    this.#ttls = ttls;
  }

  async join(key: string, { kind, mayFollow }: CallMember): Promise<Joined> {
    if (!mayFollow) return { status: 'unshared' };
    const [rawStatus, text = '', letter] = asStrings(
      await this.#find([cacheKey(key)], [lookUpArgument(kind, this.#ttls)]),
    );
    if (asStatus(rawStatus, ['cached', 'none']) === 'none') return { status: 'unshared' };
    return { status: 'cached', text, ttlClass: ttlClassOf(letter) };
  }

  async complete(key: string, ttlClass: CacheTtlClass, text: string, session?: string): Promise<void> {
    const store = () => this.#store([cacheKey(key)], [...storeArguments(ttlClass, this.#ttls), text]);
    const reply = await (session === undefined ? store() : this.#entries.store(session, key, store));
    asStatus(asStrings(reply)[0], ['stored']);
  }

  release(): Promise<'released'> {
    return Promise.resolve('released');
  }
}
