import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { RoomStore } from '../room/room-store.ts';
import { joinKey, sessionKeys } from '../script/keys.ts';

/** Renewed at each inspection of the session, at least twice a minute. */
const ttlMs = 3_600_000;
/** As long as the log of an ended session is kept, so that a disconnected listener can read the rest. */
const endedTtlMs = 60_000;

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

/** Maps hashes of join codes to sessions, directly or by the room that has the code. */
export class JoinCodes {
  readonly #redis: Redis;
  readonly #rooms: Pick<RoomStore, 'find'>;

  constructor(redis: Redis, rooms: Pick<RoomStore, 'find'>) {
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
      const { tenant, room: name, sessionId, isCurrent } = room;
      if (!isCurrent) return { status: 'closed' };
      const found = await this.#findSession(codeHash, { tenant, sessionId });
      if (found === undefined) return { status: 'waiting', tenant, room: name };
      return found.status === 'open' ? { ...found, room: name } : found;
    }
    if (json === null) return undefined;
    const { sessionId, tenant } = codedSessionSchema.parse(JSON.parse(json));
    return this.#findSession(codeHash, { sessionId, tenant });
  }

  /** Renews the code of a live session. */
  async renew(codeHash: string): Promise<void> {
    await this.#redis.pexpire(joinKey(codeHash), ttlMs);
  }

  /** Shortens the TTL of the code of an ended session. */
  async expire(codeHash: string): Promise<void> {
    await this.#redis.pexpire(joinKey(codeHash), endedTtlMs, 'LT');
  }

  async #findSession(codeHash: string, coded: CodedSession): Promise<FoundCode | undefined> {
    const [state, openHash] = await this.#redis.hmget(sessionKeys(coded.sessionId).session, 'state', 'joinCode');
    if (typeof state !== 'string') return undefined;
    return openHash === codeHash ? { ...coded, status: 'open', hasEnded: state === 'ended' } : { status: 'closed' };
  }
}
