import { partialJobs, QueueLatencyMonitor } from '@parley/queues';
import type { EdgeDependencies } from '../core/dependencies.ts';
import type { ServedSession } from './served-session.ts';

const tickMs = 500;
const renewEveryMs = 3000;

/**
 * Goes round the sessions of this edge. Every three seconds each one's leases are renewed and its log's head is compared
 * with what was delivered; partials that nobody has shown for too long are requeued. Where jobs wait too long, all sessions are
 * told so: there may be no worker that could.
 */
export class SessionMaintenance implements AsyncDisposable {
  readonly #deps: EdgeDependencies;
  readonly #timer: NodeJS.Timeout;
  readonly #nextTouchAtMs = new WeakMap<ServedSession, number>();
  readonly #queueLatency = new QueueLatencyMonitor();
  #round: Promise<void> | undefined;
  /** Not a part of the round: leases are renewed however long Redis takes to tell. */
  #look: Promise<void> | undefined;
  #renewal: Promise<void> | undefined;
  #countedAtMs = performance.now();

  constructor(deps: EdgeDependencies) {
    this.#deps = deps;
    this.#timer = setInterval(() => {
      this.#round ??= this.#goRound().finally(() => (this.#round = undefined));
    }, tickMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([this.#round, this.#look, this.#renewal]);
  }

  /** Redis may have lost what this edge holds: it is said again now, not in the next seconds. */
  renewAll(): void {
    const before = this.#renewal;
    this.#renewal = this.#forEach((session) => session.renewLease(this.#deps)).then(() => before);
  }

  async #goRound(): Promise<void> {
    const nowMs = performance.now();
    for (const session of this.#deps.served.all()) session.lookForRecovery(nowMs);
    this.#countTime(nowMs);
    // While Redis is away every call would only wait; leases are longer than that.
    if (!this.#deps.isRedisReady()) return;
    this.#look ??= this.#lookForWaitingJobs().finally(() => (this.#look = undefined));
    await this.#lookAfterSessions(nowMs);
  }

  async #lookAfterSessions(nowMs: number): Promise<void> {
    await this.#forEach(async (session) => {
      if (this.#isDue(session, nowMs)) await session.renewLease(this.#deps);
      await this.#requeue(session, nowMs);
    });
  }

  async #forEach(look: (session: ServedSession) => Promise<unknown>): Promise<void> {
    const { served, logger } = this.#deps;
    await Promise.all(
      served.all().map(async (session) => {
        try {
          await look(session);
        } catch (error) {
          logger.warn({ err: error, sessionId: session.sessionId }, 'a session could not be looked after');
        }
      }),
    );
  }

  async #lookForWaitingJobs(): Promise<void> {
    const { queues, served, logger } = this.#deps;
    try {
      const oldestMs = await queues.oldestWaitingMs();
      if (!this.#queueLatency.observe(oldestMs, performance.now())) return;
      for (const session of served.all()) session.heardOfTrouble('overloaded');
    } catch (error) {
      logger.warn({ err: error }, 'reading the age of waiting jobs failed');
    }
  }

  /** Counts the time since the round before for the tenants whose sessions are owned here. */
  #countTime(nowMs: number): void {
    const elapsedMs = nowMs - this.#countedAtMs;
    this.#countedAtMs = nowMs;
    for (const { owner } of this.#deps.served.all()) if (owner !== undefined) this.#deps.usage.served(owner, elapsedMs);
  }

  /** With jitter, so that sessions which came together don't stay together. */
  #isDue(session: ServedSession, nowMs: number): boolean {
    const due = this.#nextTouchAtMs.get(session) ?? nowMs + Math.random() * renewEveryMs;
    const isDue = nowMs >= due;
    this.#nextTouchAtMs.set(session, isDue ? nowMs + renewEveryMs * (0.8 + 0.4 * Math.random()) : due);
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
