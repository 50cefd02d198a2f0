import type { Redis } from 'ioredis';
import { z } from 'zod';
import { joinKey } from '../script/keys.ts';

/** Renewed at each inspection of the session, at least twice a minute. */
const ttlMs = 3_600_000;
/** As long as the log of an ended session is kept, so that a disconnected listener can read the rest. */
const endedTtlMs = 60_000;

const codedSessionSchema = z.object({ v: z.literal(1), sessionId: z.string(), tenant: z.string() });

/** The session of a join code. */
type CodedSession = Omit<z.infer<typeof codedSessionSchema>, 'v'>;

/** Maps hashes of join codes to sessions. */
export class JoinCodes {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async add(codeHash: string, { sessionId, tenant }: CodedSession): Promise<void> {
    await this.#redis.set(joinKey(codeHash), JSON.stringify({ v: 1, sessionId, tenant }), 'PX', ttlMs);
  }

  async find(codeHash: string): Promise<CodedSession | undefined> {
    const json = await this.#redis.get(joinKey(codeHash));
    return json === null ? undefined : codedSessionSchema.parse(JSON.parse(json));
  }

  /** Renews the code of a live session. */
  async renew(codeHash: string): Promise<void> {
    await this.#redis.pexpire(joinKey(codeHash), ttlMs);
  }

  /** Shortens the TTL of the code of an ended session. */
  async expire(codeHash: string): Promise<void> {
    await this.#redis.pexpire(joinKey(codeHash), endedTtlMs, 'LT');
  }
}
