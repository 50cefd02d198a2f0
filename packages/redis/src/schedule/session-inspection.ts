import type { Redis } from 'ioredis';
import { outstandingFinals, type OutstandingFinal } from '../pending/outstanding-final.ts';
import { sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { announceSessionEnd } from '../usage/session-ends.ts';

const mostFinals = 256;
/** A final is looked after by the edge that accepts it for so long. */
const finalAgeMs = 1000;
const longestMs = 30_000;
const withFinalsMs = 1500;

export type InspectionResult =
  | {
      state: 'live' | 'ending' | 'ended';
      nextInMs: number;
      /** Hash of the join code, or ''. */
      joinCodeHash: string;
      /** Finals whose jobs must stand in the lane. */
      outstanding: OutstandingFinal[];
    }
  | { state: 'gone' };

/** Looks after sessions whose deadline has come. */
export class SessionInspection {
  readonly #redis: Redis;
  readonly #inspect: Script;

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#inspect = defineScript(redis, 'parleySessionInspect', new URL('inspect.lua', import.meta.url));
  }

  /** @param mayEnd whether owners have had the time to renew their leases */
  async inspect(sessionId: string, mayEnd: boolean): Promise<InspectionResult> {
    const keys = sessionKeys(sessionId);
    const [word, nextInMs, joinCodeHash = '', ...finals] = asStrings(
      await this.#inspect(
        [keys.session, keys.segments, keys.pending, keys.log, keys.channel, keys.wanted],
        [mostFinals, finalAgeMs, longestMs, withFinalsMs, mayEnd ? 1 : 0],
      ),
    );
    const state = asStatus(word, ['live', 'ending', 'ended', 'gone']);
    if (state === 'gone') return { state };
    if (state === 'ending') await announceSessionEnd(this.#redis, sessionId);
    return { state, nextInMs: Number(nextInMs), joinCodeHash, outstanding: outstandingFinals(finals) };
  }
}
