import { closeCodes, type ClientMessageInput, type ServerMessage, type ServerMessageType } from '@parley/protocol';
import { Emitter } from './emitter.ts';
import { ConnectionClosedError, UnreadableFrameError, type ConnectionRefusedError } from './errors.ts';
import { parseServerMessage } from './parse-server-message.ts';
import type { ClientSocket, SocketEvents } from './socket.ts';

/** A client message with its `id`, as it is sent. */
export type SentMessage = ClientMessageInput & { readonly id: string };

/**
 * Each server message under its own type. In addition, `message` for every server message, `sent` for every client
 * message, and `closed` once, as the last event.
 */
export type ConnectionEvents = { [Type in ServerMessageType]: Extract<ServerMessage, { type: Type }> } & {
  message: ServerMessage;
  sent: SentMessage;
  closed: ConnectionClosedError;
};

/** The closest code that browsers let an application send (1000 and 4000-4999) to 1007 of RFC 6455, section 7.4.1. */
export const unreadableCloseCode = 4400;

/** A WebSocket that carries protocol messages; each frame is parsed once. */
export class Connection implements SocketEvents {
  readonly #events = new Emitter<ConnectionEvents>();
  #socket: ClientSocket | undefined;
  #closed: ConnectionClosedError | undefined;
  #unreadable: UnreadableFrameError | undefined;
  #sent = 0;

  /** Why the connection was closed; `undefined` while it is open. */
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
   * Sends a message, with a new `id` if it has none.
   *
   * @returns the `id`, which an `error` about the message names as `causedBy`
   * @throws ConnectionClosedError if the connection is closed
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

  /** Starts the closing handshake; the `closed` event follows. */
  close(closeCode: number = closeCodes.ended, reason = ''): void {
    this.#socket?.close(closeCode, reason);
  }

  /** Drops the socket without waiting for the server; the `closed` event follows. */
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

  onClose(
    closeCode: number,
    reason: string,
    cause: UnreadableFrameError | ConnectionRefusedError | undefined = this.#unreadable,
  ): void {
    if (this.#closed !== undefined) return;
    this.#closed = new ConnectionClosedError(closeCode, cause?.message ?? reason, { cause });
    this.#events.emit('closed', this.#closed);
  }
}
