import type { ServerMessage } from '@parley/protocol';
import type { Delivery } from '../delivery/delivery.ts';
import type { EdgeDependencies } from './dependencies.ts';
import type { JoinedSession } from './joined-session.ts';
import type { OwnedSession } from './owned-session.ts';
import type { ClientIdentity } from './socket.ts';

/** What the handler of one client message may see and do. */
export interface MessageContext {
  readonly deps: EdgeDependencies;
  readonly client: ClientIdentity;
  /** When the frame arrived, in ms since 1970. */
  readonly receivedAtMs: number;
  readonly session: OwnedSession | undefined;
  readonly joined: JoinedSession | undefined;
  /** Sends to this client. */
  readonly reply: (message: ServerMessage) => void;
  /** Sends what a feed has for this client. */
  readonly deliver: (delivery: Delivery) => void;
  /** From here on the connection owns this session. */
  readonly own: (session: OwnedSession) => void;
  /** From here on the connection listens to this session. */
  readonly join: (joined: JoinedSession) => void;
  /** The session's end has been delivered. */
  readonly ended: () => void;
  /** Another connection owns the session from now on. */
  readonly takenOver: () => void;
  /** Redis has lost that this connection owns its session. */
  readonly forgotten: () => void;
  /** The session isn't in Redis any more; the client may start or join another one on this socket. */
  readonly lost: () => void;
}

/** Does one client message. Throws a `Refusal` for what can't be done. */
export type MessageHandler<Message> = (message: Message, context: MessageContext) => Promise<void>;
