import {
  closeCodes,
  serverMessageSchema,
  type ClientMessageInput,
  type ServerMessage,
  type ServerMessageType,
} from '@parley/protocol';
import { Emitter } from './emitter.ts';
import { ConnectionClosedError, UnreadableFrameError } from './errors.ts';
import type { ClientSocket, SocketEvents } from './socket.ts';

/** A message as it leaves. */
export type SentMessage = ClientMessageInput & { readonly id: string };

/**
 * Each server message under its own type; besides, `message` for every one of them, `sent` for every one that the client
 * sends, and `closed`, once and last.
 */
export type ConnectionEvents = { [Type in ServerMessageType]: Extract<ServerMessage, { type: Type }> } & {
  message: ServerMessage;
  sent: SentMessage;
  closed: ConnectionClosedError;
};

/** RFC 6455, section 7.4.1: the peer sent what can't be understood. Browsers allow an application only 4000-4999 and 1000. */
const unreadableCloseCode = 4400;

const knownTypes = new Set<unknown>(serverMessageSchema.options.map((option) => option.shape.type.value));

/** An open socket that speaks the protocol: messages instead of frames, each parsed once. */
export class Connection implements SocketEvents {
  readonly #events = new Emitter<ConnectionEvents>();
  #socket: ClientSocket | undefined;
  #closed: ConnectionClosedError | undefined;
  #unreadable: UnreadableFrameError | undefined;
  #sent = 0;

  /** Why the connection is closed; `undefined` while it is open. */
  get closed(): ConnectionClosedError | undefined {
    return this.#closed;
  }

  on<Name extends keyof ConnectionEvents>(name: Name, listener: (event: ConnectionEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  attach(socket: ClientSocket): void {
    this.#socket = socket;
  }

  /**
   * Sends a message under an `id` of its own.
   *
   * @returns the `id`, which an `error` about it names as `causedBy`
   * @throws ConnectionClosedError where the connection is closed already
   */
  send(message: ClientMessageInput): string {
    if (this.#closed !== undefined) throw this.#closed;
    if (this.#socket === undefined) throw new Error('the connection is not open yet');
    const id = message.id ?? String((this.#sent += 1));
    const sent: SentMessage = { ...message, id };
    this.#events.emit('sent', sent);
    this.#socket.send(JSON.stringify(sent));
    return id;
  }

  /** Starts to close the socket; `closed` follows. */
  close(closeCode: number = closeCodes.ended, reason = ''): void {
    this.#socket?.close(closeCode, reason);
  }

  /** Gives the socket up without waiting for the server; `closed` follows. */
  terminate(): void {
    this.#socket?.terminate();
  }

  onFrame(frame: string): void {
    if (this.#unreadable !== undefined) return;
    try {
      const message = parseServerMessage(frame);
      if (message === undefined) return;
      this.#events.emit('message', message);
      this.#events.emit(message.type, message);
    } catch (error) {
      if (!(error instanceof UnreadableFrameError)) throw error;
      this.#unreadable = error;
      this.close(unreadableCloseCode, 'unreadable frame');
    }
  }

  onClose(closeCode: number, reason: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = new ConnectionClosedError(closeCode, this.#unreadable?.message ?? reason, {
      cause: this.#unreadable,
    });
    this.#events.emit('closed', this.#closed);
  }
}

/** A type that this version doesn't know is a newer server's and is passed over: `undefined`. */
function parseServerMessage(frame: string): ServerMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch (cause) {
    throw new UnreadableFrameError('the server sent a frame that is not JSON', { cause });
  }
  const parsed = serverMessageSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { type } = (value ?? {}) as { type?: unknown };
  if (typeof type === 'string' && !knownTypes.has(type)) return undefined;
  const issue = parsed.error.issues[0];
  throw new UnreadableFrameError(
    `the server sent an invalid message: ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`,
    { cause: parsed.error },
  );
}
