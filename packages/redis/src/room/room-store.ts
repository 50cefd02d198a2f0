import type { RedisConnection } from '../connection/redis-connection.ts';
import { z } from 'zod';
import { retention } from '../retention/retention.ts';
import { roomCodeKey, roomsKey } from '../script/keys.ts';
import { asStatus, asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';

const { roomMs: lifetimeMs } = retention;
const maxRoomsPerTenant = 1000;

/** A room of a tenant. Rooms of two tenants may have the same name. */
export interface Room {
  readonly tenant: string;
  readonly room: string;
}

/** The join code of a room. The code itself is stored, because it must be the same at the next start. */
export interface RoomCode {
  readonly joinCode: string;
  readonly joinCodeHash: string;
  /** Whether listeners can join by it. */
  readonly isOpen: boolean;
}

export interface TakenRoom extends RoomCode {
  /** The session that had the room before. */
  readonly previousSessionId: string | undefined;
}

const codedRoomSchema = z.object({ v: z.literal(1), tenant: z.string(), room: z.string() });

/** The rooms of all tenants: standing join codes, each with the newest session that named its room. */
export class RoomStore {
  readonly #redis: RedisConnection;
  readonly #take: Script;
  readonly #setCode: Script;
  readonly #changedCodeLifetimeMs: number;

  /**
   * @param transcriptRetentionMs how long transcripts are kept. One of a session that ended in the room has the code that the
   *   room had then, so a changed code must not become unknown before.
   */
  constructor(redis: RedisConnection, { transcriptRetentionMs = 0 }: { readonly transcriptRetentionMs?: number } = {}) {
    this.#redis = redis;
    this.#changedCodeLifetimeMs = Math.max(retention.changedJoinCodeMs, transcriptRetentionMs);
    this.#take = defineScript(redis, 'parleyRoomTake', new URL('take.lua', import.meta.url));
    this.#setCode = defineScript(redis, 'parleyRoomSetCode', new URL('set-code.lua', import.meta.url));
  }

  /**
   * Gives the room to a session that is about to start, and renews its lifetime.
   *
   * @param candidate the join code if the room is new
   * @returns the code of the room; `full` if the tenant can have no further room
   */
  async take(
    { tenant, room }: Room,
    sessionId: string,
    candidate: Omit<RoomCode, 'isOpen'>,
  ): Promise<TakenRoom | 'full'> {
    const [status, joinCode = '', joinCodeHash = '', open, previous = ''] = asStrings(
      await this.#take(
        [roomsKey(tenant)],
        [room, sessionId, candidate.joinCode, candidate.joinCodeHash, maxRoomsPerTenant, lifetimeMs],
      ),
    );
    if (asStatus(status, ['taken', 'full']) === 'full') return 'full';
    await this.#addPointer(joinCodeHash, { tenant, room });
    const previousSessionId = previous === '' ? undefined : previous;
    return { joinCode, joinCodeHash, isOpen: open === '1', previousSessionId };
  }

  /** Changes the code of a room, or whether it is open; `lost` if a newer session has the room. */
  async setCode(
    { tenant, room }: Room,
    sessionId: string,
    { joinCode, joinCodeHash, isOpen }: RoomCode,
  ): Promise<'set' | 'lost'> {
    const previousHash = (await this.#redis.hget(roomsKey(tenant), room))?.split(' ')[1];
    const args = [room, sessionId, joinCode, joinCodeHash, isOpen ? 1 : 0, lifetimeMs];
    const status = asStatus(asStrings(await this.#setCode([roomsKey(tenant)], args))[0], ['set', 'lost']);
    if (status === 'lost') return status;
    await this.#addPointer(joinCodeHash, { tenant, room });
    if (previousHash !== undefined && previousHash !== joinCodeHash) {
      await this.#redis.pexpire(roomCodeKey(previousHash), this.#changedCodeLifetimeMs, 'LT');
    }
    return status;
  }

  /**
   * Finds the room of a join code.
   *
   * @returns the room and the newest sessions that named it, newest first, of which the first may not have begun; `isCurrent` is false
   *   if the code was changed or is closed
   */
  async find(codeHash: string): Promise<(Room & { sessionIds: string[]; isCurrent: boolean }) | undefined> {
    const json = await this.#redis.get(roomCodeKey(codeHash));
    if (json === null) return undefined;
    const { tenant, room } = codedRoomSchema.parse(JSON.parse(json));
    const record = await this.#redis.hget(roomsKey(tenant), room);
    const [, hash, open, session = '-', previous = '-'] = record?.split(' ') ?? [];
    const sessionIds = [session, previous].filter((id) => id !== '-');
    return { tenant, room, sessionIds, isCurrent: hash === codeHash && open === '1' };
  }

  /** A pointer may lead to a room that has another code by now, so `find` compares. */
  async #addPointer(codeHash: string, { tenant, room }: Room): Promise<void> {
    await this.#redis.set(roomCodeKey(codeHash), JSON.stringify({ v: 1, tenant, room }), 'PX', lifetimeMs);
  }
}
