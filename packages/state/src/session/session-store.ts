import type { Redis } from 'ioredis';
import { sessionKeys } from '../redis/keys.ts';
import { asStatus, asStrings, ScriptReplyError } from '../redis/reply.ts';
import { defineScript, type Script } from '../redis/script.ts';
import { callsInFlight, type CallInFlight } from '../thread/call-in-flight.ts';
import type { SessionSettings } from './session-record.ts';

export interface NewSession {
  readonly sessionId: string;
  /** The random id of the socket that owns the session. */
  readonly connection: string;
  readonly tenant: string;
  readonly settings: SessionSettings;
  /** SHA-256 of the resume token, hexadecimal. */
  readonly resumeTokenHash: string;
}

/** How much of a session is kept, and how long. */
export interface SessionLifetimes {
  readonly logMaxBytes: number;
  readonly logMaxAgeMs: number;
  /** How long the keys of an ended session stay to be read. */
  readonly endedTtlMs: number;
}

/** The sessions in Redis: opened, changed and ended by the connection that owns them. */
export class SessionStore {
  readonly #open: Script;
  readonly #update: Script;
  readonly #end: Script;
  readonly #lifetimes: SessionLifetimes;

  constructor(redis: Redis, lifetimes: SessionLifetimes) {
    this.#open = defineScript(redis, 'parleySessionOpen', new URL('open.lua', import.meta.url));
    this.#update = defineScript(redis, 'parleySessionUpdate', new URL('update.lua', import.meta.url));
    this.#end = defineScript(redis, 'parleySessionEnd', new URL('end.lua', import.meta.url));
    this.#lifetimes = lifetimes;
  }

  /** Creates the session; gives the head of its empty log. */
  async open(session: NewSession): Promise<{ head: number }> {
    const fields = {
      v: 1,
      tenant: session.tenant,
      resumeToken: session.resumeTokenHash,
      ...settingsFields(session.settings),
      ...this.#lifetimes,
    };
    const reply = asStrings(
      await this.#open(
        [sessionKeys(session.sessionId).session],
        [session.connection, ...Object.entries(fields).flat()],
      ),
    );
    if (reply[0] !== 'opened') throw new ScriptReplyError('a session of this random id exists already');
    return { head: Number(reply[1]) };
  }

  /**
   * Replaces the session's settings: they count from the next partial or final that is put. `calls` are those in flight
   * for targets that were taken away: they are to be cancelled.
   */
  async update(
    sessionId: string,
    connection: string,
    settings: SessionSettings,
  ): Promise<{ status: 'updated' | 'gone' | 'fenced' | 'ending'; calls: CallInFlight[] }> {
    const keys = sessionKeys(sessionId);
    const fields = Object.entries(settingsFields(settings)).flat();
    const [status, ...calls] = asStrings(
      await this.#update([keys.session, keys.segments, keys.channel], [connection, ...fields]),
    );
    return { status: asStatus(status, ['updated', 'gone', 'fenced', 'ending']), calls: callsInFlight(calls) };
  }

  /**
   * Drops open partials, lets accepted finals finish; `ended` once none is left. `calls` are those in flight on
   * partials: they are to be cancelled.
   */
  async end(
    sessionId: string,
    connection: string,
  ): Promise<{ status: 'ending' | 'ended' | 'gone' | 'fenced'; calls: CallInFlight[] }> {
    const keys = sessionKeys(sessionId);
    const [status, ...calls] = asStrings(
      await this.#end([keys.session, keys.segments, keys.pending, keys.log, keys.channel], [connection]),
    );
    return { status: asStatus(status, ['ending', 'ended', 'gone', 'fenced']), calls: callsInFlight(calls) };
  }
}

/** What scripts look at stands in fields of its own; the rest is one JSON text. */
function settingsFields(settings: SessionSettings): Record<string, string> {
  return {
    options: JSON.stringify(settings),
    targets: settings.targetLanguages.join(','),
    ordered: settings.ordered ? '1' : '0',
    class: settings.class,
  };
}
