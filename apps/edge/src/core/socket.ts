import type { TokenGrant } from '../access/token.ts';

/** The core's view of a client's connection, implemented by the transport. */
export interface Socket {
  /** Queues one text frame built by `textFrame`; does nothing if the socket is closed. */
  send(frame: Buffer): void;
  /** Bytes queued and not yet passed to the network. */
  readonly bufferedBytes: number;
  /** Whether the send queue is above its high-water mark; stays true until the handler's `drained` is called. */
  readonly needsDrain: boolean;
  /** Starts the closing handshake; the transport terminates the connection if the peer doesn't reply in time. */
  close(code: number, reason: string): void;
}

export interface ClientIdentity {
  readonly tenant: string;
  readonly address: string;
  /** Set if the client connected with a join code instead of a key; it may only listen to that session. */
  readonly joinCode?: string | undefined;
  /** Set if the client connected with a token instead of a key; it may do only what the token permits. */
  readonly token?: TokenGrant | undefined;
}

/**
 * Receives the events of a connection. The transport calls it immediately and without waiting; the core orders the
 * work.
 */
export interface SocketHandler {
  message(frame: string, receivedAtMs: number): void;
  /** @param causedBy the `id` of the message in the frame, if known */
  frameRejected(code: 'frame-too-large' | 'not-text', message: string, causedBy?: string): void;
  /** All queued bytes were passed to the network. */
  drained(): void;
  /** @param hasLeft whether the client closed it in order to leave; otherwise it may be about to reconnect */
  closed(hasLeft: boolean): void;
}

export type SocketOpened = (socket: Socket, client: ClientIdentity) => SocketHandler;

/**
 * Builds an unmasked server frame with a whole text message (RFC 6455, section 5.2). It is the same for every
 * socket, so a message to many sockets is framed once.
 */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerLength + length);
  frame[0] = 0x81; // FIN and the text opcode.
  if (headerLength === 2) {
    frame[1] = length;
  } else if (headerLength === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, headerLength);
  return frame;
}
