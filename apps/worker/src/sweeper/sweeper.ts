import { setTimeout as delay } from 'node:timers/promises';
import { finalJobs, type QueueProducer } from '@parley/queues';
import type { PendingStore } from '@parley/redis/pending';
import type { Claim, SessionSchedule, SessionInspection } from '@parley/redis/schedule';
import type { JoinCodes } from '@parley/redis/session';
import type { Logger } from '@parley/telemetry';

const everyMs = 250;
const claimedAtOnce = 64;
const stopWithinMs = 1000;

export interface SweeperDependencies {
  readonly schedule: SessionSchedule;
  readonly inspection: SessionInspection;
  readonly pending: PendingStore;
  readonly joinCodes: JoinCodes;
  readonly queues: QueueProducer;
  readonly logger: Logger;
}

/**
 * Walks the deadlines of all sessions, side by side with every other worker's: ends what nobody came back to, adds
 * the jobs of accepted finals where they are missing, and lets go of what listeners on dead edges wanted.
 */
export class Sweeper implements AsyncDisposable {
  readonly #deps: SweeperDependencies;
  readonly #stop = new AbortController();
  readonly #walking: Promise<void>;

  constructor(deps: SweeperDependencies) {
    this.#deps = deps;
    this.#walking = this.#walk();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    // While Redis is away a call can't be waited for; its session is due again when the claim is over.
    await Promise.race([this.#walking, delay(stopWithinMs, undefined, { ref: false })]);
  }

  async #walk(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      let isMore = false;
      try {
        const { mayEnd } = await this.#deps.schedule.poll();
        const claims = await this.#deps.schedule.claim(claimedAtOnce);
        await Promise.all(claims.map((claim) => this.#lookAfter(claim, mayEnd)));
        isMore = claims.length === claimedAtOnce;
      } catch (error) {
        this.#deps.logger.warn({ err: error }, 'the deadlines of sessions could not be walked');
      }
      if (!isMore) await delay(everyMs * (0.8 + 0.4 * Math.random()), undefined, { signal }).catch(() => undefined);
    }
  }

  /** What fails here is tried again when the claim is over. */
  async #lookAfter(claim: Claim, mayEnd: boolean): Promise<void> {
    const { schedule, inspection, joinCodes, queues, pending, logger } = this.#deps;
    const { sessionId } = claim;
    try {
      const visit = await inspection.inspect(sessionId, mayEnd);
      if (visit.state === 'gone') {
        await schedule.release(claim, undefined);
        return;
      }
      const jobs = finalJobs(sessionId, visit.outstanding);
      await queues.repair(jobs, (data) => pending.renumber(data, data.number));
      if (visit.joinCodeHash !== '') {
        await (visit.state === 'ended' ? joinCodes.expire(visit.joinCodeHash) : joinCodes.renew(visit.joinCodeHash));
      }
      await schedule.release(claim, visit.nextInMs);
    } catch (error) {
      logger.warn({ err: error, sessionId }, 'a session could not be looked after');
    }
  }
}
