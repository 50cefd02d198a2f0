import type { Subscriber } from '../delivery/subscriber.ts';
import type { Listener, ServedSession } from '../sessions/served-session.ts';
import type { EdgeDependencies } from './dependencies.ts';
import type { OwnedSession } from './owned-session.ts';

/** The session that a connection listens to. */
export interface JoinedSession {
  readonly served: ServedSession;
  /** The name under which it counts among the listeners of the session, if it does. */
  readonly seat: string | undefined;
  readonly listener: Listener & { languages: ReadonlySet<string>; joinCodeHash: string };
  readonly subscriber: Subscriber;
}

type BindingDependencies = Pick<
  EdgeDependencies,
  'sessions' | 'schedule' | 'tenants' | 'served' | 'presence' | 'edge' | 'metrics' | 'logger'
>;

/** Binds a connection to a session as its owner or as a listener, or to none. */
export class SessionBinding {
  readonly #deps: BindingDependencies;
  readonly #tenant: string;
  #owned: OwnedSession | undefined;
  #joined: JoinedSession | undefined;
  #isEnded = false;

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
    this.#isEnded = false;
    this.#deps.metrics.sessionOpened();
    this.#deps.tenants.sessions.keep(this.#tenant, session.served.sessionId);
  }

  join(joined: JoinedSession): void {
    this.#joined = joined;
    this.#isEnded = false;
  }

  /** Marks the session as ended or missing in Redis. */
  markEnded(): void {
    this.#isEnded = true;
  }

  /**
   * Confirms the resume token: the first message after a start or resume shows that the client has it, so older
   * tokens become invalid.
   */
  confirmToken(): void {
    const session = this.#owned;
    const tokenHash = session?.unconfirmedTokenHash;
    if (session === undefined || tokenHash === undefined) return;
    session.unconfirmedTokenHash = undefined;
    const { sessionId } = session.served;
    this.#deps.sessions.confirm(sessionId, session.fencingToken, tokenHash).catch((error: unknown) => {
      this.#deps.logger.warn({ err: error, sessionId }, 'confirming a resume token failed');
    });
  }

  /**
   * Unbinds immediately; resolves when Redis and the other edges are informed. Unless the session has ended, its
   * owner may resume it.
   *
   * @param hasLeft whether the client closed its socket in order to leave
   */
  async release(hasLeft: boolean): Promise<void> {
    const [owned, joined, isEnded] = [this.#owned, this.#joined, this.#isEnded];
    this.#owned = undefined;
    this.#joined = undefined;
    const served = owned?.served ?? joined?.served;
    if (served === undefined) return;
    try {
      if (owned !== undefined) await this.#releaseOwned(owned, isEnded);
      if (joined !== undefined) await this.#releaseJoined(joined, { hasLeft, isEnded });
    } catch (error) {
      // The leases expire, and the sweeper handles the session.
      const { sessionId } = served;
      this.#deps.logger.warn({ err: error, sessionId }, 'releasing a session failed');
    } finally {
      this.#deps.served.leave(served);
    }
  }

  async #releaseOwned(owned: OwnedSession, isEnded: boolean): Promise<void> {
    const { sessions, schedule, tenants, metrics } = this.#deps;
    const { served, subscriber, debouncer } = owned;
    const { sessionId } = served;
    metrics.sessionClosed();
    served.feed.detach(subscriber);
    served.removeOwner(owned.connectionId);
    if (isEnded) debouncer.clear();
    // Sent before ownership is released: no other connection has these partials.
    await debouncer.sendAll();
    if (isEnded) {
      await tenants.sessions.leave(this.#tenant, sessionId);
      return;
    }
    tenants.sessions.stopRenewing(this.#tenant, sessionId);
    const { graceMs } = await sessions.detach(sessionId, owned.fencingToken);
    if (graceMs > 0) await schedule.schedule(sessionId, graceMs);
  }

  async #releaseJoined(
    { served, seat, listener, subscriber }: JoinedSession,
    { hasLeft, isEnded }: { readonly hasLeft: boolean; readonly isEnded: boolean },
  ): Promise<void> {
    served.feed.detach(subscriber);
    served.listeners.delete(listener);
    if (seat !== undefined) await this.#deps.tenants.seats.leave(served.sessionId, seat);
    if (!hasLeft || isEnded) {
      served.cutOff(listener.languages);
      // Nobody is left for whom this edge would renew its leases, so the speaker would not hear of it until they expire.
      const isLast = served.listeners.size === 0 && served.owner === undefined;
      if (isLast && !isEnded) await served.renewLease(this.#deps);
      return;
    }
    // Ends translation into languages that only this listener requested, without waiting for the lease to
    // expire.
    served.giveUp(listener.languages);
    await served.renewLease(this.#deps);
  }
}
