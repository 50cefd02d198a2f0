import type { RedisConnection } from '../connection/redis-connection.ts';
import { sessionKeys } from '../script/keys.ts';
import { commaSeparated } from '../script/reply.ts';
import { parseSessionSettings, type SessionSettings } from './session-record.ts';

/** What a session offers to its listeners. */
export interface ListeningOffer {
  readonly isPaused: boolean;
  readonly settings: Pick<SessionSettings, 'sourceLanguage' | 'targetLanguages' | 'listenerLanguages'>;
  /** Languages requested by all listeners; `=` is the transcript itself. */
  readonly listenerTargets: readonly string[];
  /** The room that the session was started in. */
  readonly room: string | undefined;
}

/** Reads what sessions offer to listeners, for those who have not joined yet. */
export class ListeningOffers {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  /** @returns `undefined` if the session has ended or is unknown */
  async read(sessionId: string): Promise<ListeningOffer | undefined> {
    const { session } = sessionKeys(sessionId);
    const [state, paused, options, targets, room] = await this.#redis.hmget(
      session,
      'state',
      'paused',
      'options',
      'listenerTargets',
      'room',
    );
    if (typeof state !== 'string' || state === 'ended' || typeof options !== 'string') return undefined;
    return {
      isPaused: paused === '1',
      settings: parseSessionSettings(options),
      listenerTargets: commaSeparated(targets ?? ''),
      room: room ?? undefined,
    };
  }
}
