import type { Outbox } from '../delivery/outbox.ts';
import type { SessionEvents } from '../sessions/served-session.ts';
import type { EdgeDependencies } from './dependencies.ts';
import type { SessionBinding } from './session-binding.ts';
import type { ClientIdentity } from './socket.ts';

/** A client's connection as the handlers of its messages and its session see it. */
export interface Connection extends SessionEvents {
  readonly client: ClientIdentity;
  /** What it is sent. */
  readonly outbox: Outbox;
}

/** What the handler of one client message may see and do. */
export interface MessageContext {
  readonly deps: EdgeDependencies;
  readonly connection: Connection;
  /** The session that the connection owns or listens to, if any. */
  readonly binding: SessionBinding;
  /** When the frame arrived, in ms since 1970. */
  readonly receivedAtMs: number;
}

/** Does one client message. Throws a `Refusal` for what can't be done. */
export type MessageHandler<Message> = (message: Message, context: MessageContext) => Promise<void>;
