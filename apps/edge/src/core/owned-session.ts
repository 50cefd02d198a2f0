import type { SessionSettings } from '@parley/redis/session';
import type { PartialFilterSettings } from '@parley/translation';
import { hostAudience, Subscriber, type SubscribedConnection } from '../delivery/subscriber.ts';
import { PartialDebouncer } from '../sessions/partial-debouncer.ts';
import type { Owner, ServedSession, SessionEvents } from '../sessions/served-session.ts';

/** What Redis has made this connection the owner of. */
export interface Ownership {
  readonly served: ServedSession;
  readonly connectionId: string;
  readonly tenant: string;
  readonly ownedSince: string;
  readonly settings: SessionSettings;
  readonly ending?: boolean;
  /** Of the resume token that the client is about to get. */
  readonly resumeTokenHash: string;
}

/** The session that a connection owns. What counts stands in Redis; this is the owner's copy of it. */
export class OwnedSession implements Owner {
  readonly served: ServedSession;
  readonly connectionId: string;
  readonly tenant: string;
  readonly events: SessionEvents;
  readonly subscriber: Subscriber;
  readonly debouncer: PartialDebouncer;
  ownedSince: string;
  /** Of the resume token that the client was given last; `undefined` once it is known to have it. */
  unconfirmedTokenHash: string | undefined;
  settings: SessionSettings;
  ending: boolean;

  constructor(ownership: Ownership, connection: SessionEvents & SubscribedConnection, worth: PartialFilterSettings) {
    this.served = ownership.served;
    this.connectionId = ownership.connectionId;
    this.tenant = ownership.tenant;
    this.events = connection;
    this.ownedSince = ownership.ownedSince;
    this.unconfirmedTokenHash = ownership.resumeTokenHash;
    this.settings = ownership.settings;
    this.ending = ownership.ending ?? false;
    this.debouncer = new PartialDebouncer(worth, () => performance.now());
    this.subscriber = new Subscriber(
      hostAudience(() => this.settings),
      connection,
    );
    this.served.ownedBy(this);
  }

  get fencingToken(): string {
    return `${this.connectionId} ${this.ownedSince}`;
  }
}
