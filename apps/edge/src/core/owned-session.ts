import type { SessionSettings } from '@parley/state';
import type { WorthSettings } from '@parley/translation';
import { hostAudience, Subscriber, type SubscribedConnection } from '../delivery/subscriber.ts';
import { HeldBack } from '../sessions/held-back.ts';
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
  readonly heldBack: HeldBack;
  ownedSince: string;
  /** Of the resume token that the client was given last; `undefined` once it is known to have it. */
  unconfirmedTokenHash: string | undefined;
  settings: SessionSettings;
  ending: boolean;

  constructor(ownership: Ownership, connection: SessionEvents & SubscribedConnection, worth: WorthSettings) {
    this.served = ownership.served;
    this.connectionId = ownership.connectionId;
    this.tenant = ownership.tenant;
    this.events = connection;
    this.ownedSince = ownership.ownedSince;
    this.unconfirmedTokenHash = ownership.resumeTokenHash;
    this.settings = ownership.settings;
    this.ending = ownership.ending ?? false;
    this.heldBack = new HeldBack(worth, () => performance.now());
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
