import type { KnownCode, SessionSettings } from '@parley/redis/session';
import type { PartialFilterSettings } from '@parley/translation';
import { hostAudience, Subscriber, type SubscribedConnection } from '../delivery/subscriber.ts';
import { OutstandingGate } from '../limits/outstanding-gate.ts';
import { PartialDebouncer } from '../sessions/partial-debouncer.ts';
import type { Owner, ServedSession, SessionEvents } from '../sessions/served-session.ts';

/** A connection's ownership of a session as granted by Redis. */
export interface Ownership {
  readonly served: ServedSession;
  readonly connectionId: string;
  readonly tenant: string;
  readonly ownedSince: string;
  readonly settings: SessionSettings;
  readonly ending?: boolean;
  /** Hash of the resume token that is about to be sent to the client. */
  readonly resumeTokenHash: string;
}

/** The session that a connection owns. Redis is authoritative; this is the owner's copy. */
export class OwnedSession implements Owner {
  readonly served: ServedSession;
  readonly connectionId: string;
  readonly tenant: string;
  readonly events: SessionEvents;
  readonly subscriber: Subscriber;
  readonly debouncer: PartialDebouncer;
  /** Keeps finals in order that were refused because too much is outstanding. */
  readonly gate = new OutstandingGate();
  ownedSince: string;
  /** Hash of the last resume token sent to the client; `undefined` once the client is known to have it. */
  unconfirmedTokenHash: string | undefined;
  settings: SessionSettings;
  ending: boolean;
  /** The join code that this connection was told last; `undefined` if it has not changed it. */
  changedCode: KnownCode | undefined;

  constructor(
    ownership: Ownership,
    connection: SessionEvents & SubscribedConnection,
    partialFilter: PartialFilterSettings,
  ) {
    this.served = ownership.served;
    this.connectionId = ownership.connectionId;
    this.tenant = ownership.tenant;
    this.events = connection;
    this.ownedSince = ownership.ownedSince;
    this.unconfirmedTokenHash = ownership.resumeTokenHash;
    this.settings = ownership.settings;
    this.ending = ownership.ending ?? false;
    this.debouncer = new PartialDebouncer(partialFilter, () => performance.now());
    this.subscriber = new Subscriber(
      hostAudience(() => this.settings),
      connection,
    );
    this.served.setOwner(this);
  }

  get fencingToken(): string {
    return `${this.connectionId} ${this.ownedSince}`;
  }
}
