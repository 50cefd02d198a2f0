import type { DegradedReason } from '@parley/protocol';
import type { ChannelListener, Envelope } from '@parley/redis/channel';
import type { Presence } from '@parley/redis/session';
import type { Subscriber } from '../delivery/subscriber.ts';
import { SessionFeed, type SessionFeedOptions } from '../delivery/session-feed.ts';
import { Degradation } from './degradation.ts';
import { PartialWatchdog } from './partial-watchdog.ts';

/** What a connection hears of the session that it owns or listens to. */
export interface SessionEvents {
  /** Another connection has become the owner. */
  takenOver(): void;
  /** Redis has lost that this connection is the owner. */
  ownerLost(): void;
  /** The session isn't in Redis any more. */
  sessionLost(): void;
  /** The session's last message has been sent. */
  sessionEnded(): void;
}

/** The owner of a session, where its socket is on this edge. */
export interface Owner {
  /** The random id by which Redis knows this connection. */
  readonly connectionId: string;
  readonly tenant: string;
  /** Since when, as Redis tells it: the greater one is the newer owner. */
  readonly ownedSince: string;
  /** Goes with every write to the session: Redis refuses those of an earlier owner. */
  readonly fencingToken: string;
  readonly events: SessionEvents;
}

/** One who listens, in some languages. */
export interface Listener {
  readonly languages: ReadonlySet<string>;
  readonly events: SessionEvents;
}

/** What it takes to renew the leases of this edge, which is named by `edge`. */
interface LeaseDependencies {
  readonly presence: Presence;
  readonly edge: string;
}

/** A session as this edge serves it: its feed, and who of it is here. */
export class ServedSession implements ChannelListener {
  readonly sessionId: string;
  readonly feed: SessionFeed;
  readonly watchdog = new PartialWatchdog();
  readonly #degradation = new Degradation();
  readonly listeners = new Set<Listener>();
  /** What listeners on any edge want, as this one has heard last; `=` is the transcript itself. Redis knows better. */
  listenerTargets: readonly string[] = [];
  #owner: Owner | undefined;

  constructor(sessionId: string, deps: SessionFeedOptions['deps']) {
    this.sessionId = sessionId;
    this.feed = new SessionFeed({
      sessionId,
      deps,
      onPartial: ({ item, subject }) => {
        if (item.kind === 'partial' && subject !== undefined) {
          this.watchdog.shown(subject.segmentId, subject.target, item.revision);
        }
      },
    });
  }

  get owner(): Owner | undefined {
    return this.#owner;
  }

  /** The newest connection wins; the one before it is told. */
  ownedBy(owner: Owner): void {
    const before = this.#owner;
    this.#owner = owner;
    this.watchdog.clear();
    if (before !== undefined && before.connectionId !== owner.connectionId) before.events.takenOver();
  }

  /** The owner has left; a newer one stays. */
  disown(connectionId: string): void {
    if (this.#owner?.connectionId !== connectionId) return;
    this.#owner = undefined;
    this.watchdog.clear();
  }

  /** Tells a socket how the session is doing, and gives it all that lies after an offset: see `SessionFeed.attach`. */
  async attach(subscriber: Subscriber, afterOffset: number): Promise<void> {
    for (const reason of this.#degradation.reasons) subscriber.tell({ type: 'session.degraded', reason });
    await this.feed.attach(subscriber, afterOffset);
  }

  /** Tells all sockets why they get less, unless they know. */
  heardOfTrouble(reason: DegradedReason): void {
    if (this.#degradation.heard(reason, performance.now(), Date.now()))
      this.feed.tell({ type: 'session.degraded', reason });
  }

  /** Tells all sockets what is well again, as far as that shows by silence. */
  lookForRecovery(nowMs: number): void {
    for (const reason of this.#degradation.lapsed(nowMs)) this.feed.tell({ type: 'session.recovered', reason });
  }

  /**
   * Renews the leases of this edge on the session, its owner's and those of its listeners' languages, and acts on how the
   * session stands.
   */
  async renewLease({ presence, edge }: LeaseDependencies): ReturnType<Presence['renewLease']> {
    const owner = this.#owner;
    const lease = { sessionId: this.sessionId, owner: owner?.fencingToken, edge, languages: this.#wantedLanguages() };
    const result = await presence.renewLease(lease);
    if (result.status === 'gone') {
      this.#lost();
      return result;
    }
    this.listenerTargets = result.listenerTargets;
    this.feed.noticeHead(result.head);
    // Only where it is still the owner that was asked about.
    if (result.status === 'fenced' && this.#owner === owner) owner?.events.takenOver();
    if (result.status === 'forgotten' && this.#owner === owner) owner?.events.ownerLost();
    return result;
  }

  /** What the listeners on this edge want, each language once. */
  #wantedLanguages(): string[] {
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
        this.#heardOfOwner(envelope);
        break;
      case 'wanted':
        this.listenerTargets = envelope.targets;
        break;
      case 'degraded':
        this.heardOfTrouble(envelope.reason);
        break;
      case 'log':
      case 'partial':
        this.feed.message(envelope);
    }
  }

  /** A notice may be late: only a newer owner takes over. */
  #heardOfOwner({ connection, ownedSince }: Extract<Envelope, { kind: 'owner' }>): void {
    const own = this.#owner;
    if (own === undefined || own.connectionId === connection) return;
    if (Number(ownedSince) > Number(own.ownedSince)) own.events.takenOver();
  }

  reconnected(): void {
    this.feed.lookForMissed();
  }

  #lost(): void {
    this.#owner?.events.sessionLost();
    for (const listener of [...this.listeners]) listener.events.sessionLost();
  }
}
