import type { Redis } from 'ioredis';
import { z } from 'zod';
import { joinKey } from '../script/keys.ts';

/** Renewed at each visit of the sweeper, at least twice a minute. */
const lifeMs = 3_600_000;
/** As long as the log of an ended session can be read: a listener that was cut shortly before its end comes back for the rest. */
const endedLifeMs = 60_000;

const codedSessionSchema = z.object({ v: z.literal(1), sessionId: z.string(), tenant: z.string() });

/** A session as its join code names it. */
type CodedSession = Omit<z.infer<typeof codedSessionSchema>, 'v'>;

/** Leads from join codes, kept as their hashes, to sessions. */
export class JoinCodes {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async add(codeHash: string, { sessionId, tenant }: CodedSession): Promise<void> {
    await this.#redis.set(joinKey(codeHash), JSON.stringify({ v: 1, sessionId, tenant }), 'PX', lifeMs);
  }

  async find(codeHash: string): Promise<CodedSession | undefined> {
    const json = await this.#redis.get(joinKey(codeHash));
    return json === null ? undefined : codedSessionSchema.parse(JSON.parse(json));
  }

  /** Keeps a code alive together with its session. */
  async keep(codeHash: string): Promise<void> {
    await this.#redis.pexpire(joinKey(codeHash), lifeMs);
  }

  /** Lets a code run out with its session, which has ended. */
  async letRunOut(codeHash: string): Promise<void> {
    await this.#redis.pexpire(joinKey(codeHash), endedLifeMs, 'LT');
  }
}
