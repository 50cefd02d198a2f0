import type { ClientMessage } from '@parley/protocol';
import type { Outbox } from '../delivery/outbox.ts';
import type { SessionEvents } from '../sessions/served-session.ts';
import type { EdgeDependencies } from './dependencies.ts';
import type { SessionBinding } from './session-binding.ts';
import type { ClientIdentity } from './socket.ts';

/** A client's connection as seen by the handlers of its messages and by its session. */
export interface Connection extends SessionEvents {
  readonly client: ClientIdentity;
  readonly outbox: Outbox;
  /** Whether the socket has closed; its messages may still be in progress. */
  readonly isClosed: boolean;
  /** Counts work that a message turned out to be, as if so many more frames had been sent. */
  charge(frames: number): void;
  /**
   * Handles further transcripts before `message` is answered, and others afterwards.
   *
   * @param reply sends the answer; if it rejects, the client gets the error
   */
  replyLater(message: ClientMessage, reply: Promise<void>): void;
}

/** The context of a message handler. */
export interface MessageContext {
  readonly deps: EdgeDependencies;
  readonly connection: Connection;
  /** The session that the connection owns or listens to, if any. */
  readonly binding: SessionBinding;
  /** When the frame arrived, in milliseconds since 1970. */
  readonly receivedAtMs: number;
}

/** Handles one client message. Throws a `Refusal` if the message can't be handled. */
export type MessageHandler<Message> = (message: Message, context: MessageContext) => Promise<void>;
