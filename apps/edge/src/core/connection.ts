import type { SessionEvents } from '../sessions/served-session.ts';
import type { ClientOutput } from './client-output.ts';
import type { ClientIdentity } from './socket.ts';

/** A client's connection as the handlers of its messages and its session see it. */
export interface Connection extends SessionEvents {
  readonly client: ClientIdentity;
  /** What it is sent. */
  readonly output: ClientOutput;
}
