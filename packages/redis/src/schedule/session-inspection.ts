import type { RedisConnection } from '../connection/redis-connection.ts';
import { outstandingFinals, type OutstandingFinal } from '../pending/outstanding-final.ts';
import { sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { creditStepBytes, minCreditBytes, TenantCredits } from '../tenant/tenant-credits.ts';
import { EndedTranscripts } from '../transcript/ended-transcripts.ts';
import { announceSessionEnd } from '../usage/session-ends.ts';

const maxFinals = 256;
/** The edge that accepts a final has this long to add its jobs. */
const minFinalAgeMs = 1000;
const maxIntervalMs = 30_000;
const intervalWithFinalsMs = 1500;
const creditReportEveryMs = 10_000;

export type InspectionResult =
  | {
      state: 'live' | 'ending' | 'ended';
      nextInMs: number;
      /** Hash of the join code; '' if it is closed. */
      joinCodeHash: string;
      isErased: boolean;
      /** Finals whose jobs must be queued. */
      outstanding: OutstandingFinal[];
    }
  | { state: 'gone' };

/** Inspects sessions whose deadline has passed. */
export class SessionInspection {
  readonly #redis: RedisConnection;
  readonly #inspect: Script;
  readonly #credits: TenantCredits;
  readonly #transcripts: EndedTranscripts;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
    this.#credits = new TenantCredits(redis);
    this.#transcripts = new EndedTranscripts(redis);
    this.#inspect = defineScript(redis, 'parleySessionInspect', new URL('inspect.lua', import.meta.url));
  }

  /**
   * Ends a session whose grace period is over, removes expired languages, reports its credit and, once it has
   * ended, its transcript to its tenant, and returns outstanding finals.
   *
   * @param mayEnd whether owners have had time to renew their leases
   */
  async inspect(sessionId: string, mayEnd: boolean): Promise<InspectionResult> {
    const keys = sessionKeys(sessionId);
    const [rawStatus, nextInMs, joinCodeHash = '', erased, tenant = '', credit = '', transcript = '', ...finals] =
      asStrings(
        await this.#inspect(
          [keys.session, keys.segments, keys.pending, keys.log, keys.channel, keys.wanted],
          [
            maxFinals,
            minFinalAgeMs,
            maxIntervalMs,
            intervalWithFinalsMs,
            mayEnd ? 1 : 0,
            minCreditBytes,
            creditStepBytes,
            creditReportEveryMs,
          ],
        ),
      );
    const state = asStatus(rawStatus, ['live', 'ending', 'ended', 'gone']);
    if (state === 'gone') return { state };
    if (credit !== '') await this.#credits.report(tenant, sessionId, Number(credit));
    if (transcript !== '') {
      const [bytes = 0, retentionMs = 0, maxTenantBytes = 0] = transcript.split(' ').map(Number);
      await this.#transcripts.add({ tenant, sessionId, bytes, retentionMs, maxTenantBytes });
    }
    if (state === 'ending') await announceSessionEnd(this.#redis, sessionId);
    const isErased = erased === '1';
    return { state, nextInMs: Number(nextInMs), joinCodeHash, isErased, outstanding: outstandingFinals(finals) };
  }
}
