import { randomUUID } from 'node:crypto';
import type { RedisConnection } from '../connection/redis-connection.ts';
import { sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings, commaSeparated } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';

/** A session that has ended. Contains nothing that was said. */
export interface EndedSession {
  readonly sessionId: string;
  readonly tenant: string;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly sourceLanguage: string;
  readonly targetLanguages: readonly string[];
  readonly usage: {
    readonly segments: number;
    readonly translations: number;
    readonly cached: number;
    readonly tokens: number;
  };
  /** Partials that edges have handled; those of the last seconds may be missing if an edge was killed. */
  readonly partials: number;
  /** Finals, counted per target, that could not be translated. */
  readonly failed: number;
  /** The most listeners at a time while the speaker was connected. */
  readonly mostListeners: number;
  /** Whether its transcript can be downloaded: one was kept, and the session was not deleted. */
  readonly hasTranscript: boolean;
}

/** Finds ended sessions whose end was not reported yet. */
export class EndedSessions {
  readonly #redis: RedisConnection;
  readonly #markReported: Script;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
    this.#markReported = defineScript(redis, 'parleyMarkReported', new URL('mark-reported.lua', import.meta.url));
  }

  /** Returns the session; `undefined` if it goes on, no longer exists, or was marked as reported. */
  async findUnreported(sessionId: string): Promise<EndedSession | undefined> {
    const session = await this.#redis.hgetall(sessionKeys(sessionId).session);
    if (session['state'] !== 'ended' || session['endReported'] !== undefined) return undefined;
    const count = (field: string): number => Number(session[field] ?? '0');
    return {
      sessionId,
      tenant: session['tenant'] ?? '',
      // Offsets are microseconds since 1970; the newest one is that of the end.
      startedAtMs: Math.floor(count('startHead') / 1000),
      endedAtMs: Math.floor(count('head') / 1000),
      sourceLanguage: session['sourceLanguage'] ?? '',
      targetLanguages: commaSeparated(session['targets'] ?? ''),
      usage: {
        segments: count('usageSegments'),
        translations: count('usageTranslations'),
        cached: count('usageCached'),
        tokens: count('usageTokens'),
      },
      partials: count('usagePartials'),
      failed: count('usageFailed'),
      mostListeners: count('mostListeners'),
      hasTranscript: count('transcriptRetentionMs') > 0 && session['erased'] === undefined,
    };
  }

  /** Returns whether this call is the one that has marked it. */
  async markReported(sessionId: string): Promise<boolean> {
    const [status] = asStrings(await this.#markReported([sessionKeys(sessionId).session], [randomUUID()]));
    return asStatus(status, ['marked', 'known', 'gone']) === 'marked';
  }
}
