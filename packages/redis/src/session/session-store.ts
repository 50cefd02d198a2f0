import type { Redis } from 'ioredis';
import { sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings, ScriptReplyError } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { announceSessionEnd } from '../usage/session-ends.ts';
import { settingsFields, type SessionSettings } from './session-record.ts';

/** How long a connection owns its session without saying so again, and an edge's listeners their languages. */
export const ownerLeaseMs = 15_000;

export interface NewSession {
  readonly sessionId: string;
  /** The random id of the socket that owns the session. */
  readonly connection: string;
  readonly tenant: string;
  readonly settings: SessionSettings;
  readonly resumeTokenHash: string;
  readonly joinCodeHash: string;
}

/** How much of a session is kept, and how long. */
export interface SessionLifetimes {
  readonly logMaxBytes: number;
  readonly logMaxAgeMs: number;
  /** How long the keys of an ended session stay to be read. */
  readonly endedTtlMs: number;
  /** How long a session lives on without its owner. */
  readonly graceMs: number;
}

/**
 * The sessions in Redis: opened, changed and ended by the connection that owns them, which names itself by its mark.
 * `fenced`: a newer connection owns the session; `forgotten`: Redis has lost with its last writes that this one does.
 */
export class SessionStore {
  readonly #redis: Redis;
  readonly #open: Script;
  readonly #confirm: Script;
  readonly #update: Script;
  readonly #detach: Script;
  readonly #end: Script;
  readonly #lifetimes: SessionLifetimes;

  constructor(redis: Redis, lifetimes: SessionLifetimes) {
    this.#redis = redis;
    this.#open = defineScript(redis, 'parleySessionOpen', new URL('open.lua', import.meta.url));
    this.#confirm = defineScript(redis, 'parleySessionConfirm', new URL('confirm.lua', import.meta.url));
    this.#update = defineScript(redis, 'parleySessionUpdate', new URL('update.lua', import.meta.url));
    this.#detach = defineScript(redis, 'parleySessionDetach', new URL('detach.lua', import.meta.url));
    this.#end = defineScript(redis, 'parleySessionEnd', new URL('end.lua', import.meta.url));
    this.#lifetimes = lifetimes;
  }

  /** Creates the session; gives the head of its empty log, and since when the connection has owned it. */
  async open(session: NewSession): Promise<{ head: number; ownedSince: string }> {
    const fields = {
      v: 1,
      tenant: session.tenant,
      tokens: session.resumeTokenHash,
      joinCode: session.joinCodeHash,
      ...settingsFields(session.settings),
      ...this.#lifetimes,
    };
    const [word, head, ownedSince = ''] = asStrings(
      await this.#open(
        [sessionKeys(session.sessionId).session],
        [session.connection, ownerLeaseMs, ...Object.entries(fields).flat()],
      ),
    );
    if (word !== 'opened') throw new ScriptReplyError('a session of this random id exists already');
    return { head: Number(head), ownedSince };
  }

  /** The owner's client has its resume token: those before it are good no more. */
  async confirm(sessionId: string, connection: string, resumeTokenHash: string): Promise<void> {
    const reply = asStrings(await this.#confirm([sessionKeys(sessionId).session], [connection, resumeTokenHash]));
    asStatus(reply[0], ['confirmed', 'gone', 'fenced', 'forgotten']);
  }

  /**
   * Replaces the session's settings: they count from the next partial or final that is put. Calls for targets that were taken
   * away are cancelled.
   */
  async update(
    sessionId: string,
    connection: string,
    settings: SessionSettings,
  ): Promise<'updated' | 'gone' | 'fenced' | 'forgotten' | 'ending'> {
    const keys = sessionKeys(sessionId);
    const fields = Object.entries(settingsFields(settings)).flat();
    const [status] = asStrings(await this.#update([keys.session, keys.wanted, keys.channel], [connection, ...fields]));
    return asStatus(status, ['updated', 'gone', 'fenced', 'forgotten', 'ending']);
  }

  /** The owner is gone without an end: its time of grace begins. Gives that time in ms; 0 where the session isn't its own. */
  async detach(sessionId: string, connection: string): Promise<{ graceMs: number }> {
    const [status, graceMs] = asStrings(await this.#detach([sessionKeys(sessionId).session], [connection]));
    asStatus(status, ['detached', 'gone', 'fenced', 'forgotten']);
    return { graceMs: Number(graceMs) };
  }

  /**
   * Drops open partials and cancels their calls, lets accepted finals finish; `ended` once none is left. With `awaitUsage` all
   * worker threads are told to write what the session has used, and it stays `ending` until it is ended a second time without.
   */
  async end(
    sessionId: string,
    connection: string,
    { awaitUsage = false }: { readonly awaitUsage?: boolean } = {},
  ): Promise<'ending' | 'ended' | 'gone' | 'fenced' | 'forgotten'> {
    const keys = sessionKeys(sessionId);
    const [status] = asStrings(
      await this.#end(
        [keys.session, keys.segments, keys.pending, keys.log, keys.channel],
        [connection, awaitUsage ? 1 : 0],
      ),
    );
    if (status === 'ending') await announceSessionEnd(this.#redis, sessionId);
    return asStatus(status, ['ending', 'ended', 'gone', 'fenced', 'forgotten']);
  }
}
