import { partialJobs, QueueLatencyMonitor } from '@parley/queues';
import type { EdgeDependencies } from '../core/dependencies.ts';
import type { ServedSession } from './served-session.ts';

const tickMs = 500;
const renewEveryMs = 3000;

/**
 * The maintenance loop of this edge. Every three seconds it renews each session's leases and compares the head of
 * its log with what was delivered; partials that stay undisplayed for too long are requeued. If jobs wait too long,
 * all sessions are notified, because there may be no worker to do it.
 */
export class SessionMaintenance implements AsyncDisposable {
  readonly #deps: EdgeDependencies;
  readonly #timer: NodeJS.Timeout;
  readonly #nextRenewalAtMs = new WeakMap<ServedSession, number>();
  readonly #queueLatency = new QueueLatencyMonitor();
  #iteration: Promise<void> | undefined;
  /** Separate from the loop, so that slow replies don't delay lease renewals. */
  #queueCheck: Promise<void> | undefined;
  #renewal: Promise<void> | undefined;
  #countedAtMs = performance.now();

  constructor(deps: EdgeDependencies) {
    this.#deps = deps;
    this.#timer = setInterval(() => {
      this.#iteration ??= this.#runIteration().finally(() => (this.#iteration = undefined));
    }, tickMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([this.#iteration, this.#queueCheck, this.#renewal]);
  }

  /** Renews all leases immediately, because Redis may have lost them. */
  renewAll(): void {
    const before = this.#renewal;
    for (const session of this.#deps.served.all()) session.forgetPauseNumber();
    this.#renewal = this.#forEach((session) => session.renewLease(this.#deps)).then(() => before);
  }

  async #runIteration(): Promise<void> {
    const nowMs = performance.now();
    for (const session of this.#deps.served.all()) {
      session.reportRecovered(nowMs);
      session.reportAudience(nowMs);
    }
    this.#recordServedTime(nowMs);
    // Commands would only wait while Redis is unavailable; the leases last longer than that.
    if (!this.#deps.isRedisReady()) return;
    this.#queueCheck ??= this.#checkQueueLatency().finally(() => (this.#queueCheck = undefined));
    await this.#maintainSessions(nowMs);
  }

  async #maintainSessions(nowMs: number): Promise<void> {
    await this.#forEach(async (session) => {
      if (this.#isDue(session, nowMs)) await session.renewLease(this.#deps);
      await this.#requeue(session, nowMs);
    });
  }

  async #forEach(action: (session: ServedSession) => Promise<unknown>): Promise<void> {
    const { served, logger } = this.#deps;
    await Promise.all(
      served.all().map(async (session) => {
        try {
          await action(session);
        } catch (error) {
          logger.warn({ err: error, sessionId: session.sessionId }, 'session maintenance failed');
        }
      }),
    );
  }

  async #checkQueueLatency(): Promise<void> {
    const { queues, served, logger } = this.#deps;
    try {
      const oldestMs = await queues.oldestWaitingMs();
      if (!this.#queueLatency.observe(oldestMs, performance.now())) return;
      for (const session of served.all()) session.reportDegraded('overloaded');
    } catch (error) {
      logger.warn({ err: error }, 'reading the age of waiting jobs failed');
    }
  }

  /** Adds the time since the previous iteration to the usage of the tenants whose sessions are owned here. */
  #recordServedTime(nowMs: number): void {
    const elapsedMs = nowMs - this.#countedAtMs;
    this.#countedAtMs = nowMs;
    for (const { owner } of this.#deps.served.all()) if (owner !== undefined) this.#deps.usage.served(owner, elapsedMs);
  }

  /** Adds jitter, so that sessions that started together are not renewed together. */
  #isDue(session: ServedSession, nowMs: number): boolean {
    const due = this.#nextRenewalAtMs.get(session) ?? nowMs + Math.random() * renewEveryMs;
    const isDue = nowMs >= due || session.isRenewalDue(nowMs);
    this.#nextRenewalAtMs.set(session, isDue ? nowMs + renewEveryMs * (0.8 + 0.4 * Math.random()) : due);
    return isDue;
  }

  async #requeue(session: ServedSession, nowMs: number): Promise<void> {
    const due = session.watchdog.due(nowMs);
    if (due === 'none') return;
    const { sessionId } = session;
    const jobs = await this.#deps.segments.requeue(sessionId, due === 'all' ? [] : due);
    await this.#deps.queues.add('partial', partialJobs(sessionId, jobs));
  }
}
