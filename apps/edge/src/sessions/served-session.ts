import type { DegradedReason } from '@parley/protocol';
import type { ChannelListener, Envelope } from '@parley/state';
import type { Subscriber } from '../delivery/subscriber.ts';
import { SessionFeed, type SessionFeedOptions } from '../delivery/session-feed.ts';
import { subjectOf } from '../delivery/feed-item.ts';
import { Degradation } from './degradation.ts';
import { PartialWatchdog } from './partial-watchdog.ts';

/** The owner of a session, where its socket is on this edge. */
export interface Owner {
  /** The random id by which Redis knows this connection. */
  readonly connection: string;
  readonly tenant: string;
  /** Since when, as Redis tells it: the greater one is the newer owner. */
  readonly ownedSince: string;
  /** How it names itself to Redis. */
  mark(): string;
  /** Another connection has become the owner. */
  takenOver(): void;
  /** Redis has lost that it is the owner. */
  forgotten(): void;
  /** The session isn't in Redis any more. */
  lost(): void;
}

/** One who listens, in some languages. */
export interface Listener {
  readonly languages: ReadonlySet<string>;
  lost(): void;
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
      onPartial: (item) => {
        const subject = subjectOf(item);
        if (subject !== undefined) this.watchdog.shown(subject.segmentId, subject.target, item.revision);
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
    if (before !== undefined && before.connection !== owner.connection) before.takenOver();
  }

  /** The owner has left; a newer one stays. */
  disown(connection: string): void {
    if (this.#owner?.connection !== connection) return;
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

  /** What the listeners on this edge want, each language once. */
  get wantedLanguages(): string[] {
    return [...new Set([...this.listeners].flatMap(({ languages }) => [...languages]))];
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
    if (own === undefined || own.connection === connection) return;
    if (Number(ownedSince) > Number(own.ownedSince)) own.takenOver();
  }

  reconnected(): void {
    this.feed.lookForMissed();
  }

  /** The session isn't in Redis any more. */
  lost(): void {
    this.#owner?.lost();
    for (const listener of [...this.listeners]) listener.lost();
  }
}
