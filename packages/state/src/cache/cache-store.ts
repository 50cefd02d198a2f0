import type { KeptAs, KeptFor, TranslationCache } from '@parley/translation';
import type { Redis } from 'ioredis';
import { asStatus, asStrings } from '../redis/reply.ts';
import { defineScript, type Script } from '../redis/script.ts';
import {
  findingArgument,
  keepingArguments,
  keptKey,
  usualCacheLifetimes,
  type CacheLifetimes,
} from './kept-translation.ts';

/** Translations that all workers share: one string each, `tr:{KEY}`. */
export class CacheStore implements TranslationCache {
  readonly #find: Script;
  readonly #keep: Script;
  readonly #lifetimes: CacheLifetimes;

  constructor(redis: Redis, lifetimes: CacheLifetimes = usualCacheLifetimes) {
    this.#find = defineScript(redis, 'parleyCacheFind', new URL('find.lua', import.meta.url));
    this.#keep = defineScript(redis, 'parleyCacheKeep', new URL('keep.lua', import.meta.url));
    this.#lifetimes = lifetimes;
  }

  async find(key: string, kind: KeptFor): Promise<string | undefined> {
    const [word, text] = asStrings(await this.#find([keptKey(key)], [findingArgument(kind, this.#lifetimes)]));
    return asStatus(word, ['found', 'none']) === 'found' ? text : undefined;
  }

  async keep(key: string, as: KeptAs, text: string): Promise<void> {
    const [word] = asStrings(await this.#keep([keptKey(key)], [...keepingArguments(as, this.#lifetimes), text]));
    asStatus(word, ['kept']);
  }
}
