import type { Subscriber } from '../delivery/subscriber.ts';
import type { Listener, ServedSession } from '../sessions/served-session.ts';
import type { EdgeDependencies } from './dependencies.ts';
import type { OwnedSession } from './owned-session.ts';

/** The session that a connection listens to. */
export interface JoinedSession {
  readonly served: ServedSession;
  readonly listener: Listener & { languages: ReadonlySet<string> };
  readonly subscriber: Subscriber;
}

type BindingDependencies = Pick<
  EdgeDependencies,
  'sessions' | 'schedule' | 'tenants' | 'served' | 'presence' | 'edge' | 'metrics' | 'logger'
>;

/** Binds a connection to a session: as its owner, as a listener, or to none. */
export class SessionBinding {
  readonly #deps: BindingDependencies;
  readonly #tenant: string;
  #owned: OwnedSession | undefined;
  #joined: JoinedSession | undefined;
  #isOver = false;

  constructor(deps: BindingDependencies, tenant: string) {
    this.#deps = deps;
    this.#tenant = tenant;
  }

  get owned(): OwnedSession | undefined {
    return this.#owned;
  }

  get joined(): JoinedSession | undefined {
    return this.#joined;
  }

  get isEmpty(): boolean {
    return this.#owned === undefined && this.#joined === undefined;
  }

  own(session: OwnedSession): void {
    this.#owned = session;
    this.#isOver = false;
    this.#deps.metrics.sessionOpened();
    this.#deps.tenants.sessions.keep(this.#tenant, session.served.sessionId);
  }

  join(joined: JoinedSession): void {
    this.#joined = joined;
    this.#isOver = false;
  }

  /** The session has ended, or isn't in Redis any more. */
  over(): void {
    this.#isOver = true;
  }

  /** The first message after a start or a resume shows that the client has its token: those before it are good no more. */
  confirmToken(): void {
    const session = this.#owned;
    const tokenHash = session?.unconfirmedTokenHash;
    if (session === undefined || tokenHash === undefined) return;
    session.unconfirmedTokenHash = undefined;
    const { sessionId } = session.served;
    this.#deps.sessions.confirm(sessionId, session.fencingToken, tokenHash).catch((error: unknown) => {
      this.#deps.logger.warn({ err: error, sessionId }, 'a resume token could not be confirmed');
    });
  }

  /**
   * Unbinds at once; resolves when Redis and the other edges know. Unless the session is over, it goes on: its owner may
   * come back.
   */
  async release(): Promise<void> {
    const [owned, joined, isOver] = [this.#owned, this.#joined, this.#isOver];
    this.#owned = undefined;
    this.#joined = undefined;
    const served = owned?.served ?? joined?.served;
    if (served === undefined) return;
    try {
      if (owned !== undefined) await this.#releaseOwned(owned, isOver);
      if (joined !== undefined) await this.#releaseJoined(joined, isOver);
    } catch (error) {
      // Leases lapse by themselves, and the sweeper sees to the session.
      const { sessionId } = served;
      this.#deps.logger.warn({ err: error, sessionId }, 'a session could not be let go at once');
    } finally {
      this.#deps.served.leave(served);
    }
  }

  async #releaseOwned(owned: OwnedSession, isOver: boolean): Promise<void> {
    const { sessions, schedule, tenants, metrics } = this.#deps;
    const { served, subscriber, debouncer } = owned;
    const { sessionId } = served;
    metrics.sessionClosed();
    served.feed.detach(subscriber);
    served.disown(owned.connectionId);
    if (isOver) debouncer.clear();
    // Still as the owner: nobody else has these words.
    await debouncer.sendAll();
    if (isOver) {
      await tenants.sessions.leave(this.#tenant, sessionId);
      return;
    }
    tenants.sessions.letGo(this.#tenant, sessionId);
    const { graceMs } = await sessions.detach(sessionId, owned.fencingToken);
    if (graceMs > 0) await schedule.schedule(sessionId, graceMs);
  }

  async #releaseJoined({ served, listener, subscriber }: JoinedSession, isOver: boolean): Promise<void> {
    served.feed.detach(subscriber);
    served.listeners.delete(listener);
    // A language that was wanted here alone ends now, not when its lease does.
    if (!isOver) await served.renewLease(this.#deps);
  }
}
