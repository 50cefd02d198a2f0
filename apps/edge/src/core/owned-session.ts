import type { SessionSettings } from '@parley/state';
import type { Subscriber } from '../delivery/subscriber.ts';
import type { HeldBack } from '../sessions/held-back.ts';
import type { Owner, ServedSession } from '../sessions/served-session.ts';

/** The session that a connection owns. What counts stands in Redis; this is the owner's copy of it. */
export interface OwnedSession {
  readonly served: ServedSession;
  readonly owner: Owner & { ownedSince: string };
  readonly subscriber: Subscriber;
  readonly heldBack: HeldBack;
  /** Of the resume token that the client was given last; `undefined` once it is known to have it. */
  unconfirmedTokenHash: string | undefined;
  settings: SessionSettings;
  ending: boolean;
}
