import type { DegradedReason, ServerMessage } from '@parley/protocol';
import type { ChannelListener, Envelope } from '@parley/redis/channel';
import {
  countAudience,
  languageLeaseMs,
  type PauseState,
  type Presence,
  type PresenceResult,
} from '@parley/redis/session';
import type { Subscriber } from '../delivery/subscriber.ts';
import { SessionFeed, type SessionFeedOptions } from '../delivery/session-feed.ts';
import { AudienceReports } from './audience-reports.ts';
import { Degradation } from './degradation.ts';
import { PartialWatchdog } from './partial-watchdog.ts';
import { Pause } from './pause.ts';
import { RecentLag } from './recent-lag.ts';
import { SharedRuns } from './shared-runs.ts';

/** The events of a session for a connection that owns or joined it. */
export interface SessionEvents {
  /** Another connection has become the owner. */
  takenOver(): void;
  /** Redis has lost that this connection is the owner. */
  ownerLost(): void;
  /** The session no longer exists in Redis. */
  sessionLost(): void;
  /** The session's last message was sent. */
  sessionEnded(): void;
  /** The code by which the listener has joined is no longer the session's: it was changed, or a newer session has it. */
  joinCodeLost(reason: 'changed' | 'taken'): void;
}

/** The owner of a session if its socket is on this edge. */
export interface Owner {
  /** The random ID of this connection in Redis. */
  readonly connectionId: string;
  readonly tenant: string;
  /** When it became the owner according to Redis; the greater value is the newer owner. */
  readonly ownedSince: string;
  /** Sent with every write to the session; Redis rejects writes of an earlier owner. */
  readonly fencingToken: string;
  readonly events: SessionEvents;
  readonly subscriber: { tell(message: ServerMessage): void };
}

/** A listener and its languages. */
export interface Listener {
  readonly languages: ReadonlySet<string>;
  /** The hash of the code by which it has joined. */
  readonly joinCodeHash: string;
  readonly events: SessionEvents;
}

/** What renewing the leases requires; `edge` is the ID of this edge. */
interface LeaseDependencies {
  readonly presence: Presence;
  readonly edge: string;
}

/** Minimum time between renewals of which only the listeners are the reason. */
const audienceIntervalMs = 1000;

/** A session served by this edge: its feed, its owner and its listeners. */
export class ServedSession implements ChannelListener {
  readonly sessionId: string;
  readonly feed: SessionFeed;
  readonly watchdog = new PartialWatchdog();
  /** How late the translations that this edge has delivered were. */
  readonly lag = new RecentLag();
  readonly #degradation = new Degradation();
  readonly #pause = new Pause();
  readonly #audience = new AudienceReports();
  /** The listeners may have changed since the last renewal. */
  #hasAudienceChanged = false;
  #renewedAtMs = -Infinity;
  readonly #renewals = new SharedRuns<PresenceResult>();
  readonly listeners = new Set<Listener>();
  /**
   * The targets that listeners on all edges requested, as last reported; `=` is the transcript itself. Redis is
   * authoritative.
   */
  listenerTargets: readonly string[] = [];
  readonly #onCodeNotice: (session: ServedSession) => void;
  #owner: Owner | undefined;
  /** The owner that knows that it has lost its room. */
  #toldRoomTaken: Owner | undefined;
  /** Languages that listeners gave up, until Redis knows. */
  readonly #givenUp = new Set<string>();
  /** Until when the listeners of a language that were cut off may reconnect. */
  readonly #cutOffUntilMs = new Map<string, number>();

  /** @param onCodeNotice called when the join code may have changed: the leases must be renewed, which reads it */
  constructor(
    sessionId: string,
    deps: SessionFeedOptions['deps'],
    onCodeNotice: (session: ServedSession) => void = () => undefined,
  ) {
    this.sessionId = sessionId;
    this.#onCodeNotice = onCodeNotice;
    this.feed = new SessionFeed({
      sessionId,
      deps,
      onTranslated: (totalMs) => this.lag.add(totalMs, performance.now()),
      onPartial: ({ item, subject }) => {
        if (item.kind === 'partial' && subject !== undefined) {
          this.watchdog.shown(subject.segmentId, subject.target, item.revision);
        }
      },
    });
  }

  /** Why service is currently reduced. */
  get degradedReasons(): readonly DegradedReason[] {
    return this.#degradation.reasons;
  }

  get owner(): Owner | undefined {
    return this.#owner;
  }

  /** Sets the owner; the previous one is notified that it was taken over. */
  setOwner(owner: Owner): void {
    const before = this.#owner;
    this.#owner = owner;
    this.#audience.restart();
    this.#hasAudienceChanged = true;
    this.watchdog.clear();
    if (before !== undefined && before.connectionId !== owner.connectionId) before.events.takenOver();
  }

  /** Removes the owner unless a newer one has replaced it. */
  removeOwner(connectionId: string): void {
    if (this.#owner?.connectionId !== connectionId) return;
    this.#owner = undefined;
    this.watchdog.clear();
  }

  /** Sends a socket the session's status and everything after an offset; see `SessionFeed.attach`. */
  async attach(subscriber: Subscriber, afterOffset: number): Promise<void> {
    if (this.#pause.isPaused) subscriber.tell({ type: 'session.paused' });
    for (const reason of this.#degradation.reasons) subscriber.tell({ type: 'session.degraded', reason });
    await this.feed.attach(subscriber, afterOffset);
  }

  /** Tells the speaker anew who listens, because it has resumed the session. */
  repeatAudience(): void {
    this.#audience.forgetKnown();
    this.#hasAudienceChanged = true;
  }

  /** Tells the speaker who listens, if that is due. */
  reportAudience(nowMs: number): void {
    const audience = this.#owner === undefined ? undefined : this.#audience.takeDue(nowMs);
    if (audience === undefined) return;
    const { listeners, languages } = audience;
    this.#owner?.subscriber.tell({ type: 'session.listeners', listeners, languages: [...languages] });
  }

  /** Whether to renew the leases ahead of time, since the listeners have changed. */
  isRenewalDue(nowMs: number): boolean {
    return this.#hasAudienceChanged && nowMs - this.#renewedAtMs >= audienceIntervalMs;
  }

  /** Notifies all sockets if the session was paused or goes on. */
  learnPause(state: PauseState): void {
    if (!this.#pause.learn(state)) return;
    this.feed.tell({ type: state.isPaused ? 'session.paused' : 'session.unpaused' });
    if (this.#owner === undefined) return;
    if (state.isPaused) this.watchdog.clear();
    // The pause has ended the calls for what was not yet shown.
    else this.watchdog.requeueAll(performance.now());
  }

  /** Takes the next state that Redis reports as the current one: it may have lost its last writes. */
  forgetPauseNumber(): void {
    this.#pause.forgetNumber();
  }

  /** Notifies all sockets of a new reason for reduced service. */
  reportDegraded(reason: DegradedReason): void {
    if (this.#degradation.report(reason, performance.now(), Date.now()))
      this.feed.tell({ type: 'session.degraded', reason });
  }

  /** Notifies all sockets of reasons that are no longer reported. */
  reportRecovered(nowMs: number): void {
    for (const reason of this.#degradation.removeLapsed(nowMs)) this.feed.tell({ type: 'session.recovered', reason });
  }

  /**
   * Renews this edge's leases on the session (its owner's and those of its listeners' languages) and handles the
   * session's status. Those who ask at the same time, such as many listeners who join, share a renewal, which counts all listeners.
   */
  renewLease(deps: LeaseDependencies): Promise<PresenceResult> {
    return this.#renewals.run(() => this.#renewLease(deps));
  }

  async #renewLease({ presence, edge }: LeaseDependencies): Promise<PresenceResult> {
    const owner = this.#owner;
    const languages = this.#requestedLanguages();
    for (const language of languages) this.#givenUp.delete(language);
    const givenUp = [...this.#givenUp];
    const { sessionId } = this;
    this.#hasAudienceChanged = false;
    this.#renewedAtMs = performance.now();
    const result = await presence.renewLease({
      sessionId,
      owner: owner?.fencingToken,
      edge,
      audience: countAudience(this.listeners),
      languages,
      givenUp,
    });
    for (const language of givenUp) this.#givenUp.delete(language);
    if (result.status === 'gone') {
      this.#notifyLost();
      return result;
    }
    this.#dropOutdated(result.codeHash);
    // Only a newer session of its room takes a code without giving another.
    if (result.codeHash === '') this.#tellRoomTaken();
    this.listenerTargets = result.listenerTargets;
    this.learnPause(result.pause);
    if (result.audience !== undefined && this.#owner === owner) {
      this.#audience.learn(result.audience);
      this.reportAudience(performance.now());
    }
    this.feed.noticeHead(result.head);
    // Only if the owner did not change in the meantime.
    if (result.status === 'fenced' && this.#owner === owner) owner?.events.takenOver();
    if (result.status === 'owner-lost' && this.#owner === owner) owner?.events.ownerLost();
    return result;
  }

  /**
   * A listener does not want these languages any more: unless another one does, or may be reconnecting, the next renewal ends
   * their leases.
   */
  giveUp(languages: Iterable<string>): void {
    const nowMs = performance.now();
    for (const language of languages) {
      if ((this.#cutOffUntilMs.get(language) ?? 0) <= nowMs) this.#givenUp.add(language);
    }
  }

  /** A listener of these languages has lost its socket: their leases are left to expire, so that it can reconnect. */
  cutOff(languages: Iterable<string>): void {
    this.#hasAudienceChanged = true;
    const untilMs = performance.now() + languageLeaseMs;
    for (const language of languages) {
      this.#cutOffUntilMs.set(language, untilMs);
      this.#givenUp.delete(language);
    }
  }

  /** Drops listeners who joined by a code that the session has no more. A closed code remains its code. */
  #dropOutdated(codeHash: string): void {
    for (const { joinCodeHash, events } of [...this.listeners]) {
      if (joinCodeHash !== codeHash) events.joinCodeLost(codeHash === '' ? 'taken' : 'changed');
    }
  }

  /** Tells the owner once that its listeners have moved to another session. */
  #tellRoomTaken(): void {
    if (this.#toldRoomTaken === this.#owner) return;
    this.#toldRoomTaken = this.#owner;
    const message = 'a newer session has this room and its join code; listeners follow that one';
    this.#owner?.subscriber.tell({ type: 'notice', code: 'room-taken', message });
  }

  /** The languages that the listeners on this edge requested, without duplicates. */
  #requestedLanguages(): string[] {
    const wanted = new Set<string>();
    for (const { languages } of this.listeners) for (const language of languages) wanted.add(language);
    return [...wanted];
  }

  message(envelope: Envelope | undefined): void {
    switch (envelope?.kind) {
      case undefined:
        this.feed.lookForMissed();
        break;
      case 'owner':
        this.#handleOwnerNotice(envelope);
        break;
      case 'wanted':
        this.listenerTargets = envelope.targets;
        break;
      case 'code':
        this.#onCodeNotice(this);
        break;
      case 'degraded':
        this.reportDegraded(envelope.reason);
        break;
      case 'audience':
        if (this.#owner !== undefined) this.#hasAudienceChanged = true;
        break;
      case 'pause':
        this.learnPause(envelope.pause);
        break;
      case 'log':
      case 'partial':
        this.feed.message(envelope);
    }
  }

  /** The notice may be late: only a newer owner takes over. */
  #handleOwnerNotice({ connection, ownedSince }: Extract<Envelope, { kind: 'owner' }>): void {
    const own = this.#owner;
    if (own === undefined || own.connectionId === connection) return;
    if (Number(ownedSince) > Number(own.ownedSince)) own.events.takenOver();
  }

  reconnected(): void {
    this.feed.lookForMissed();
  }

  #notifyLost(): void {
    this.#owner?.events.sessionLost();
    for (const listener of [...this.listeners]) listener.events.sessionLost();
  }
}
