import type { Subscriber } from '../delivery/subscriber.ts';
import type { Listener, ServedSession } from '../sessions/served-session.ts';

/** The session that a connection listens to. */
export interface JoinedSession {
  readonly served: ServedSession;
  readonly listener: Listener & { languages: ReadonlySet<string> };
  readonly subscriber: Subscriber;
}
