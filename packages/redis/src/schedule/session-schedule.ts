import type { Redis } from 'ioredis';
import { deadlinesKey, lastPollKey } from '../script/keys.ts';
import { asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { ownerLeaseMs } from '../session/session-store.ts';

/** Some worker walks several times a second. */
const awayMs = 5000;

/** A session that is to be looked at, and what proves that this caller does it. */
export interface Claim {
  readonly sessionId: string;
  readonly score: string;
}

/** When each session must be looked at next. Set before the state that asks for it, so that no state is forgotten. */
export class SessionSchedule {
  readonly #claim: Script;
  readonly #release: Script;
  readonly #schedule: Script;
  readonly #poll: Script;

  constructor(redis: Redis) {
    this.#claim = defineScript(redis, 'parleySessionsClaim', new URL('claim.lua', import.meta.url));
    this.#release = defineScript(redis, 'parleySessionsRelease', new URL('release.lua', import.meta.url));
    this.#poll = defineScript(redis, 'parleySessionsPoll', new URL('poll.lua', import.meta.url));
    this.#schedule = defineScript(redis, 'parleySessionsSchedule', new URL('schedule.lua', import.meta.url));
  }

  /** Says that the deadlines are walked. Gives whether sessions may be ended: not just after Redis was away. */
  async poll(): Promise<{ mayEnd: boolean }> {
    const [mayEnd] = asStrings(await this.#poll([lastPollKey], [awayMs, ownerLeaseMs]));
    return { mayEnd: mayEnd === '1' };
  }

  /** The session is looked at in so many ms, or earlier where that was asked for before. */
  async schedule(sessionId: string, inMs: number): Promise<void> {
    await this.#schedule([deadlinesKey], [sessionId, inMs]);
  }

  /** Sessions that are due; each is this caller's for 5 s. */
  async claim(limit: number): Promise<Claim[]> {
    const [score = '', ...sessions] = asStrings(await this.#claim([deadlinesKey], [limit]));
    return sessions.map((sessionId) => ({ sessionId, score }));
  }

  /** The session was looked at: the next time is in so many ms, or never where it is gone. */
  async release({ sessionId, score }: Claim, nextInMs: number | undefined): Promise<void> {
    await this.#release([deadlinesKey], [sessionId, score, nextInMs ?? '']);
  }
}
