import { setTimeout as delay } from 'node:timers/promises';
import { finalJobs, type QueueProducer } from '@parley/queues';
import type { PendingStore } from '@parley/redis/pending';
import type { Claim, InspectionResult, SessionSchedule, SessionInspection } from '@parley/redis/schedule';
import type { CacheErasures, JoinCodes, SessionCode } from '@parley/redis/session';
import type { Logger } from '@parley/telemetry';

const pollEveryMs = 250;
const maxClaims = 64;
const stopTimeoutMs = 1000;

type InspectedSession = Exclude<InspectionResult, { state: 'gone' }>;

export interface SweeperDependencies {
  readonly schedule: SessionSchedule;
  readonly inspection: SessionInspection;
  readonly pending: PendingStore;
  readonly joinCodes: Pick<JoinCodes, 'expire' | 'isTaken' | 'renew'>;
  readonly sessionCode: Pick<SessionCode, 'release'>;
  readonly cacheErasures: Pick<CacheErasures, 'isPending' | 'remove'>;
  readonly queues: QueueProducer;
  /** Called at each inspection of a session that has ended. */
  readonly onEnded: (sessionId: string) => Promise<void>;
  /** Erases the cached translations of a deleted session; called again if it fails. */
  readonly eraseCached: (sessionId: string) => Promise<void>;
  readonly logger: Logger;
}

/**
 * Processes due sessions, concurrently with all other workers: ends abandoned sessions, reports ended ones, adds missing jobs of
 * accepted finals, drops language requests of listeners on dead edges and codes of rooms that newer sessions have, and erases
 * what the cache has of deleted sessions.
 */
export class Sweeper implements AsyncDisposable {
  readonly #deps: SweeperDependencies;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #hasWarnedOfShard = false;

  constructor(deps: SweeperDependencies) {
    this.#deps = deps;
    this.#running = this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    // A call does not return while Redis is unavailable; its session is due again when the claim expires.
    await Promise.race([this.#running, delay(stopTimeoutMs, undefined, { ref: false })]);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      let hasMore = false;
      try {
        const { mayEnd } = await this.#deps.schedule.poll();
        const claims = await this.#deps.schedule.claim(maxClaims);
        await Promise.all(claims.map((claim) => this.#maintain(claim, mayEnd)));
        hasMore = claims.length === maxClaims;
      } catch (error) {
        this.#deps.logger.warn({ err: error }, 'polling the session schedule failed');
      }
      if (!hasMore)
        await delay(pollEveryMs * (0.8 + 0.4 * Math.random()), undefined, { signal }).catch(() => undefined);
    }
  }

  /** A failure is retried when the claim expires. */
  async #maintain(claim: Claim, mayEnd: boolean): Promise<void> {
    const { schedule, inspection, queues, pending, logger } = this.#deps;
    const { sessionId } = claim;
    try {
      const inspected = await inspection.inspect(sessionId, mayEnd);
      if (inspected.state === 'gone') {
        await this.#eraseCached(sessionId);
        await schedule.release(claim, undefined);
        return;
      }
      const jobs = finalJobs(sessionId, inspected.outstanding);
      await queues.repair(jobs, (data) => pending.renumber(data, data.number));
      if (jobs.length > 0 && !queues.hasShardOf(sessionId)) this.#warnOfShard(sessionId);
      if (inspected.state === 'ended') await this.#deps.onEnded(sessionId);
      await this.#maintainCode(sessionId, inspected);
      // Last, since the cache's Redis may be away.
      if (inspected.isErased) await this.#eraseCached(sessionId);
      await schedule.release(claim, inspected.nextInMs);
    } catch (error) {
      logger.warn({ err: error, sessionId }, 'maintaining a session failed');
    }
  }

  async #eraseCached(sessionId: string): Promise<void> {
    const { cacheErasures, eraseCached } = this.#deps;
    if (!(await cacheErasures.isPending(sessionId))) return;
    await eraseCached(sessionId);
    await cacheErasures.remove(sessionId);
  }

  #warnOfShard(sessionId: string): void {
    if (this.#hasWarnedOfShard) return;
    this.#hasWarnedOfShard = true;
    this.#deps.logger.warn(
      { sessionId },
      'finals are in a shard that this worker does not consume; check QUEUE_SHARDS',
    );
  }

  async #maintainCode(sessionId: string, { state, joinCodeHash }: InspectedSession): Promise<void> {
    const { joinCodes, sessionCode } = this.#deps;
    if (joinCodeHash === '') return;
    if (state === 'ended') {
      await joinCodes.expire(joinCodeHash);
      return;
    }
    await joinCodes.renew(joinCodeHash);
    // The edge that started the newer session of the room may have died before it took the code from this one.
    if (await joinCodes.isTaken(joinCodeHash, sessionId)) await sessionCode.release(sessionId, joinCodeHash);
  }
}
