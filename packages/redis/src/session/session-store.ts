import type { RedisConnection } from '../connection/redis-connection.ts';
import { sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings, ScriptReplyError } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { announceSessionEnd } from '../usage/session-ends.ts';
import { settingsFields, type SessionSettings } from './session-record.ts';

/** The lease of a connection on its session. */
export const ownerLeaseMs = 15_000;

export interface NewSession {
  readonly sessionId: string;
  readonly connection: string;
  readonly tenant: string;
  readonly settings: SessionSettings;
  readonly resumeTokenHash: string;
  readonly joinCodeHash: string;
  /** The code itself, so that it can be told again after it was closed. */
  readonly joinCode?: string;
  /** Whether nobody can join by the code until it is opened. */
  readonly isCodeClosed?: boolean;
  /** The room that the session is started in. */
  readonly room?: string | undefined;
}

/** Retention of a session's data. */
export interface SessionLifetimes {
  readonly logMaxBytes: number;
  readonly logMaxAgeMs: number;
  /** How long the transcript of an ended session is kept; 0: there is none. */
  readonly transcriptRetentionMs: number;
  /** When the transcript is larger, its oldest lines are removed. */
  readonly transcriptMaxBytes: number;
  /** When the transcripts of all ended sessions of the tenant are larger, those that ended first are removed. */
  readonly tenantTranscriptMaxBytes: number;
  /** TTL of the other keys of an ended session. */
  readonly endedTtlMs: number;
  /** How long a session without an owner is kept. */
  readonly graceMs: number;
}

/**
 * The sessions in Redis, which are opened, changed and ended by the connection that owns them. A connection identifies
 * itself by its fencing token. `fenced`: a newer connection owns the session; `owner-lost`: Redis has lost with its last
 * writes that this one does.
 */
export class SessionStore {
  readonly #redis: RedisConnection;
  readonly #open: Script;
  readonly #confirm: Script;
  readonly #update: Script;
  readonly #detach: Script;
  readonly #end: Script;
  readonly #lifetimes: SessionLifetimes;

  constructor(redis: RedisConnection, lifetimes: SessionLifetimes) {
    this.#redis = redis;
    this.#open = defineScript(redis, 'parleySessionOpen', new URL('open.lua', import.meta.url));
    this.#confirm = defineScript(redis, 'parleySessionConfirm', new URL('confirm.lua', import.meta.url));
    this.#update = defineScript(redis, 'parleySessionUpdate', new URL('update.lua', import.meta.url));
    this.#detach = defineScript(redis, 'parleySessionDetach', new URL('detach.lua', import.meta.url));
    this.#end = defineScript(redis, 'parleySessionEnd', new URL('end.lua', import.meta.url));
    this.#lifetimes = lifetimes;
  }

  /** Creates a session. Returns the first offset of its log, and since when the connection has owned it. */
  async open(session: NewSession): Promise<{ head: number; ownedSince: string }> {
    const fields = {
      v: 1,
      tenant: session.tenant,
      tokens: session.resumeTokenHash,
      joinCode: session.isCodeClosed === true ? '' : session.joinCodeHash,
      currentJoinCode: session.joinCodeHash,
      joinCodeText: session.joinCode ?? '',
      ...(session.room === undefined ? {} : { room: session.room }),
      ...settingsFields(session.settings),
      ...this.#lifetimes,
    };
    const [rawStatus, head, ownedSince = ''] = asStrings(
      await this.#open(
        [sessionKeys(session.sessionId).session],
        [session.connection, ownerLeaseMs, ...Object.entries(fields).flat()],
      ),
    );
    if (rawStatus !== 'opened') throw new ScriptReplyError('a session with this random id exists already');
    return { head: Number(head), ownedSince };
  }

  /** Confirms that the owner's client has its resume token, which invalidates earlier ones. */
  async confirm(sessionId: string, connection: string, resumeTokenHash: string): Promise<void> {
    const reply = asStrings(await this.#confirm([sessionKeys(sessionId).session], [connection, resumeTokenHash]));
    asStatus(reply[0], ['confirmed', 'gone', 'fenced', 'owner-lost']);
  }

  /** Replaces the session's settings for later partials and finals. Calls for removed targets are cancelled. */
  async update(
    sessionId: string,
    connection: string,
    settings: SessionSettings,
  ): Promise<'updated' | 'gone' | 'fenced' | 'owner-lost' | 'ending'> {
    const keys = sessionKeys(sessionId);
    const fields = Object.entries(settingsFields(settings)).flat();
    const [status] = asStrings(await this.#update([keys.session, keys.wanted, keys.channel], [connection, ...fields]));
    return asStatus(status, ['updated', 'gone', 'fenced', 'owner-lost', 'ending']);
  }

  /** Starts the grace period. Returns its length in ms; 0 if the connection doesn't own the session. */
  async detach(sessionId: string, connection: string): Promise<{ graceMs: number }> {
    const [status, graceMs] = asStrings(await this.#detach([sessionKeys(sessionId).session], [connection]));
    asStatus(status, ['detached', 'gone', 'fenced', 'owner-lost']);
    return { graceMs: Number(graceMs) };
  }

  /**
   * Drops open segments, cancels their calls and completes accepted finals; `ended` once none is outstanding. With
   * `awaitUsage`, all worker threads are notified to write the session's usage, and it stays `ending` until a second
   * call without it.
   */
  async end(
    sessionId: string,
    connection: string,
    { awaitUsage = false }: { readonly awaitUsage?: boolean } = {},
  ): Promise<'ending' | 'ended' | 'gone' | 'fenced' | 'owner-lost'> {
    const keys = sessionKeys(sessionId);
    const [status] = asStrings(
      await this.#end(
        [keys.session, keys.segments, keys.pending, keys.log, keys.channel],
        [connection, awaitUsage ? 1 : 0],
      ),
    );
    if (status === 'ending') await announceSessionEnd(this.#redis, sessionId);
    return asStatus(status, ['ending', 'ended', 'gone', 'fenced', 'owner-lost']);
  }
}
