import type { RedisConnection } from '../connection/redis-connection.ts';
import { directoryKey, sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings, commaSeparated } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';

/** A session as its tenant sees it. */
export interface SessionDescription {
  readonly sessionId: string;
  readonly tenant: string;
  /** The room that it was started in. */
  readonly room?: string;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  /** The newest offset of its log. */
  readonly head: number;
  readonly sourceLanguage: string;
  readonly targetLanguages: readonly string[];
  /** On all edges. One that lost its connection counts for up to 15 s. */
  readonly listeners: number;
  /** `disconnected`: the speaker has lost its connection and may resume, also if the session is paused. */
  readonly state: 'live' | 'paused' | 'disconnected' | 'ending' | 'ended';
}

export interface SessionPage {
  /** Newest first. There may be fewer than requested even if this is not the last page. */
  readonly sessions: readonly SessionDescription[];
  /** Where the next page begins; `undefined` if there is none. */
  readonly nextCursor: string | undefined;
}

/** How many entries are checked each time that one is added. */
const checkedEntries = 4;
/** An entry is added before its session is opened; an edge that is killed in between leaves it behind. */
const minStaleMs = 120_000;

/**
 * The sessions of each tenant. Entries are added before a session exists, and removed when they are found without a
 * session: those on a page that is read, and some random ones whenever one is added. So no entry is missing, and
 * those left behind by killed processes stay fewer than the live ones.
 */
export class SessionDirectory {
  readonly #redis: RedisConnection;
  readonly #describe: Script;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
    this.#describe = defineScript(redis, 'parleySessionDescribe', new URL('describe.lua', import.meta.url));
  }

  /** Adds a session that is about to be opened. */
  async add(tenant: string, sessionId: string, startedAtMs: number): Promise<void> {
    const key = directoryKey(tenant);
    await this.#redis.zadd(key, 0, entryOf(sessionId, startedAtMs));
    const random = await this.#redis.zrandmember(key, checkedEntries);
    const exist = await Promise.all(random.map((entry) => this.#redis.exists(sessionKeys(sessionIdOf(entry)).session)));
    const isGone = (_entry: string, index: number): boolean => exist[index] === 0;
    await this.#removeStale(tenant, random.filter(isGone), startedAtMs);
  }

  /** Reads the sessions of a tenant that started before a cursor, newest first. */
  async list(
    tenant: string,
    page: { limit: number; cursor?: string | undefined },
    nowMs: number,
  ): Promise<SessionPage> {
    const { limit, cursor } = page;
    const before = cursor === undefined ? '+' : `(${cursor}`;
    const key = directoryKey(tenant);
    const entries = await this.#redis.zrange(key, before, '-', 'BYLEX', 'REV', 'LIMIT', 0, limit);
    const described = await Promise.all(entries.map((entry) => this.describe(sessionIdOf(entry))));
    await this.#removeStale(
      tenant,
      entries.filter((_entry, index) => described[index] === undefined),
      nowMs,
    );
    return {
      sessions: described.filter((session) => session !== undefined),
      nextCursor: entries.length < limit ? undefined : entries.at(-1),
    };
  }

  /** Describes a session; `undefined` if it does not exist or was erased. */
  async describe(sessionId: string): Promise<SessionDescription | undefined> {
    const { status, fields } = await this.#read(sessionId);
    if (status !== 'found') return undefined;
    const [
      tenant = '',
      startHead,
      sourceLanguage = '',
      targets = '',
      state,
      isConnected,
      listeners,
      head,
      isPaused,
      room = '',
    ] = fields;
    return {
      sessionId,
      tenant,
      ...(room === '' ? {} : { room }),
      // Offsets are microseconds since 1970.
      startedAtMs: Math.floor(Number(startHead) / 1000),
      head: Number(head),
      sourceLanguage,
      targetLanguages: commaSeparated(targets),
      listeners: Number(listeners),
      state: stateOf(asStatus(state, ['live', 'closing', 'ending', 'ended']), isConnected === '1', isPaused === '1'),
    };
  }

  /** The newest offset of a session that has ended, also if it was erased; `undefined` if it goes on or is unknown. */
  async endOffset(sessionId: string): Promise<number | undefined> {
    const { status, fields } = await this.#read(sessionId);
    if (status === 'erased') return Number(fields[0]);
    return status === 'found' && fields[4] === 'ended' ? Number(fields[7]) : undefined;
  }

  async #read(sessionId: string): Promise<{ status: 'found' | 'erased' | 'gone'; fields: string[] }> {
    const keys = sessionKeys(sessionId);
    const [status, ...fields] = asStrings(await this.#describe([keys.session, keys.audience], []));
    return { status: asStatus(status, ['found', 'erased', 'gone']), fields };
  }

  async #removeStale(tenant: string, entries: readonly string[], nowMs: number): Promise<void> {
    const stale = entries.filter((entry) => nowMs - startedAtMsOf(entry) > minStaleMs);
    if (stale.length > 0) await this.#redis.zrem(directoryKey(tenant), ...stale);
  }
}

function stateOf(
  state: 'live' | 'closing' | 'ending' | 'ended',
  isConnected: boolean,
  isPaused: boolean,
): SessionDescription['state'] {
  if (state === 'live' && !isConnected) return 'disconnected';
  if (state === 'live') return isPaused ? 'paused' : 'live';
  return state === 'ended' ? 'ended' : 'ending';
}

/** Sorts by the time of the start, because the entries have the same score. */
function entryOf(sessionId: string, startedAtMs: number): string {
  return `${String(startedAtMs).padStart(15, '0')}:${sessionId}`;
}

function sessionIdOf(entry: string): string {
  return entry.slice(entry.indexOf(':') + 1);
}

function startedAtMsOf(entry: string): number {
  return Number(entry.slice(0, entry.indexOf(':')));
}
