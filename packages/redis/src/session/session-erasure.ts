import { randomUUID } from 'node:crypto';
import type { RedisConnection } from '../connection/redis-connection.ts';
import { sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { announceSessionEnd } from '../usage/session-ends.ts';
import { CacheErasures } from './cache-erasures.ts';
import { settingsFields, type SessionSettings } from './session-record.ts';

/** Ends sessions and erases what they contain, at the request of their tenant and whoever owns them. */
export class SessionErasure {
  readonly #redis: RedisConnection;
  readonly #erase: Script;
  readonly #cacheErasures: CacheErasures;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
    this.#erase = defineScript(redis, 'parleySessionErase', new URL('erase.lua', import.meta.url));
    this.#cacheErasures = new CacheErasures(redis);
  }

  /** Closes a session to further transcripts, and asks workers to write its usage before it is erased. */
  async close(sessionId: string): Promise<'closed' | 'gone'> {
    const status = asStatus(await this.#run(sessionId, ['', '']), ['closed', 'gone']);
    if (status === 'closed') await announceSessionEnd(this.#redis, sessionId);
    return status;
  }

  /**
   * Erases transcripts, translations, glossary and context, and has workers erase its cached translations at the session's next
   * inspection. Clients receive the end of the session.
   */
  async erase(sessionId: string, { sourceLanguage, targetLanguages }: ErasedLanguages): Promise<'erased' | 'gone'> {
    const settings: SessionSettings = {
      v: 1,
      sourceLanguage,
      targetLanguages: [...targetLanguages],
      glossary: [],
      useHistory: false,
      formality: 'default',
      stability: 'off',
      ordered: false,
      class: 'live',
    };
    const options = settingsFields(settings)['options'] ?? '';
    // First: if this process dies in between, none are left behind.
    await this.#cacheErasures.add(sessionId);
    return asStatus(await this.#run(sessionId, [randomUUID(), options]), ['erased', 'gone']);
  }

  /** Does the same for a session that has ended and is forgotten, except for its transcript. */
  async eraseForgotten(sessionId: string): Promise<void> {
    await this.#cacheErasures.add(sessionId);
    await this.#redis.unlink(sessionKeys(sessionId).transcript);
  }

  async #run(sessionId: string, args: readonly string[]): Promise<string | undefined> {
    const keys = sessionKeys(sessionId);
    const scriptKeys = [keys.session, keys.segments, keys.pending, keys.log, keys.channel, keys.wanted, keys.audience];
    return asStrings(await this.#erase(scriptKeys, args))[0];
  }
}

/** The languages remain known, because clients that come back ask for them. */
type ErasedLanguages = { readonly sourceLanguage: string; readonly targetLanguages: readonly string[] };
