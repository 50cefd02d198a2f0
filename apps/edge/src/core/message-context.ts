import type { ServerMessage } from '@parley/protocol';
import type { EdgeDependencies } from './dependencies.ts';
import type { OwnedSession } from './owned-session.ts';

/** What the handler of one client message may see and do. */
export interface MessageContext {
  readonly deps: EdgeDependencies;
  readonly tenant: string;
  /** When the frame arrived, in ms since 1970. */
  readonly receivedAtMs: number;
  readonly session: OwnedSession | undefined;
  /** Sends to this client. */
  readonly reply: (message: ServerMessage) => void;
  /** From here on the connection owns this session. */
  readonly own: (session: OwnedSession) => void;
  /** The session's end has been delivered. */
  readonly ended: () => void;
}

/** Does one client message. Throws a `Refusal` for what can't be done. */
export type MessageHandler<Message> = (message: Message, context: MessageContext) => Promise<void>;
