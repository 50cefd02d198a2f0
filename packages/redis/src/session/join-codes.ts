import type { RedisConnection } from '../connection/redis-connection.ts';
import { z } from 'zod';
import { retention } from '../retention/retention.ts';
import type { RoomStore } from '../room/room-store.ts';
import { joinKey, sessionKeys } from '../script/keys.ts';

/** Renewed at each inspection of the session, at least twice a minute. */
const { joinCodeMs: ttlMs } = retention;
/** As long as the log of an ended session is kept, so that a disconnected listener can read the rest. */
const { endedSessionMs: endedTtlMs } = retention;

const codedSessionSchema = z.object({ v: z.literal(1), sessionId: z.string(), tenant: z.string() });

/** The session of a join code. */
type CodedSession = Omit<z.infer<typeof codedSessionSchema>, 'v'>;

/**
 * What a join code leads to. `open`: a session, which may have ended less than a minute ago. `waiting`: a room without a
 * session. `closed`: nothing any more, because its session or room has closed or changed it.
 */
export type FoundCode =
  | (CodedSession & { readonly status: 'open'; readonly room?: string; readonly hasEnded: boolean })
  | { readonly status: 'waiting'; readonly tenant: string; readonly room: string }
  | { readonly status: 'closed' };

/** `released`: the session has no code, because a newer one of its room has it. */
type FoundSession = Exclude<FoundCode, { status: 'waiting' }> | { readonly status: 'released' };
type RoomOfCode = NonNullable<Awaited<ReturnType<RoomStore['find']>>>;

/** Maps hashes of join codes to sessions, directly or by the room that has the code. */
export class JoinCodes {
  readonly #redis: RedisConnection;
  readonly #rooms: Pick<RoomStore, 'find'>;

  constructor(redis: RedisConnection, rooms: Pick<RoomStore, 'find'>) {
    this.#redis = redis;
    this.#rooms = rooms;
  }

  /** Adds the code of a session without a room; also again, after it was closed. */
  async add(codeHash: string, { sessionId, tenant }: CodedSession): Promise<void> {
    await this.#redis.set(joinKey(codeHash), JSON.stringify({ v: 1, sessionId, tenant }), 'PX', ttlMs);
  }

  /** Finds what a code leads to; `undefined` if it is unknown. */
  async find(codeHash: string): Promise<FoundCode | undefined> {
    const [json, room] = await Promise.all([this.#redis.get(joinKey(codeHash)), this.#rooms.find(codeHash)]);
    if (room !== undefined) {
      return room.isCurrent ? this.#findInRoom(codeHash, room) : { status: 'closed' };
    }
    if (json === null) return undefined;
    const { sessionId, tenant } = codedSessionSchema.parse(JSON.parse(json));
    const found = await this.#findSession(codeHash, { sessionId, tenant });
    return found?.status === 'released' ? { status: 'closed' } : found;
  }

  /** Whether the code is that of a room of which a newer session than this one has begun. */
  async isTaken(codeHash: string, sessionId: string): Promise<boolean> {
    const [newest = sessionId] = (await this.#rooms.find(codeHash))?.sessionIds ?? [];
    return newest !== sessionId && (await this.#redis.hexists(sessionKeys(newest).session, 'state')) === 1;
  }

  /** Renews the code of a live session. */
  async renew(codeHash: string): Promise<void> {
    await this.#redis.pexpire(joinKey(codeHash), ttlMs);
  }

  /** Shortens the TTL of the code of an ended session. */
  async expire(codeHash: string): Promise<void> {
    await this.#redis.pexpire(joinKey(codeHash), endedTtlMs, 'LT');
  }

  /**
   * A session takes the room before it begins; until then, or if it never does, the one before it still has the code. Without
   * a code, the newest session is about to be followed by another one.
   */
  async #findInRoom(
    codeHash: string,
    { tenant, room, sessionIds: [newest = '', previous = ''] }: RoomOfCode,
  ): Promise<FoundCode> {
    const found = await this.#findSession(codeHash, { tenant, sessionId: newest });
    if (found?.status === 'closed') return found;
    const open = found ?? (await this.#findSession(codeHash, { tenant, sessionId: previous }));
    return open?.status === 'open' ? { ...open, room } : { status: 'waiting', tenant, room };
  }

  async #findSession(codeHash: string, coded: CodedSession): Promise<FoundSession | undefined> {
    const { session } = sessionKeys(coded.sessionId);
    const [state, openHash, hash] = await this.#redis.hmget(session, 'state', 'joinCode', 'currentJoinCode');
    if (typeof state !== 'string') return undefined;
    if (openHash === codeHash) return { ...coded, status: 'open', hasEnded: state === 'ended' };
    return { status: hash === '' ? 'released' : 'closed' };
  }
}
