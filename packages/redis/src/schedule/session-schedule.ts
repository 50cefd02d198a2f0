import type { RedisConnection } from '../connection/redis-connection.ts';
import { deadlinesKey, lastPollKey } from '../script/keys.ts';
import { asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { ownerLeaseMs } from '../session/session-store.ts';

/** A longer time without polls means that Redis was unreachable; workers poll several times a second. */
const outageAfterMs = 5000;

/** A claimed session, with the score that identifies the claim. */
export interface Claim {
  readonly sessionId: string;
  readonly score: string;
}

/** The deadlines of all sessions. A deadline is set before the state that requires it, so that none is missed. */
export class SessionSchedule {
  readonly #claim: Script;
  readonly #release: Script;
  readonly #schedule: Script;
  readonly #poll: Script;

  constructor(redis: RedisConnection) {
    this.#claim = defineScript(redis, 'parleySessionsClaim', new URL('claim.lua', import.meta.url));
    this.#release = defineScript(redis, 'parleySessionsRelease', new URL('release.lua', import.meta.url));
    this.#poll = defineScript(redis, 'parleySessionsPoll', new URL('poll.lua', import.meta.url));
    this.#schedule = defineScript(redis, 'parleySessionsSchedule', new URL('schedule.lua', import.meta.url));
  }

  /** Records a poll. `mayEnd` is false shortly after an outage of Redis, when sessions must not be ended. */
  async poll(): Promise<{ mayEnd: boolean }> {
    const [mayEnd] = asStrings(await this.#poll([lastPollKey], [outageAfterMs, ownerLeaseMs]));
    return { mayEnd: mayEnd === '1' };
  }

  /** Schedules an inspection in `inMs` milliseconds, unless an earlier one is scheduled. */
  async schedule(sessionId: string, inMs: number): Promise<void> {
    await this.#schedule([deadlinesKey], [sessionId, inMs]);
  }

  /** Claims sessions that are due, each for 5 s. */
  async claim(limit: number): Promise<Claim[]> {
    const [score = '', ...sessions] = asStrings(await this.#claim([deadlinesKey], [limit]));
    return sessions.map((sessionId) => ({ sessionId, score }));
  }

  /** Releases a claim and schedules the next inspection; `undefined` if the session no longer exists. */
  async release({ sessionId, score }: Claim, nextInMs: number | undefined): Promise<void> {
    await this.#release([deadlinesKey], [sessionId, score, nextInMs ?? '']);
  }
}
