/** What the core knows of a client's connection; adapters implement it. */
export interface Socket {
  /** Queues one text frame, as `textFrame` makes it; does nothing where the socket is closed already. */
  send(frame: Buffer): void;
  /** Bytes queued and not yet handed to the network. */
  readonly bufferedBytes: number;
  /** Whether more than a little is queued: from then on until the handler is told `drained`. */
  readonly needsDrain: boolean;
  /** Starts the closing handshake; the adapter cuts the connection if the peer doesn't answer in time. */
  close(code: number, reason: string): void;
}

export interface ClientIdentity {
  readonly tenant: string;
  readonly address: string;
  /** Came with a join code instead of a key: it may listen to that session and do nothing else. */
  readonly joinCode?: string | undefined;
}

/** What the core hears of a connection. The adapter tells it at once and waits for nothing: order is the core's business. */
export interface SocketHandler {
  message(frame: string, receivedAtMs: number): void;
  /** @param causedBy the `id` of the message in it, where that is known */
  frameRejected(code: 'frame-too-large' | 'not-text', message: string, causedBy?: string): void;
  /** The network has taken all that was queued. */
  drained(): void;
  closed(): void;
}

export type SocketOpened = (socket: Socket, client: ClientIdentity) => SocketHandler;

/**
 * A whole text message in one frame, as a server sends it: unmasked (RFC 6455, section 5.2). It is the same for every
 * socket, so what goes to many is framed once.
 */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerLength + length);
  frame[0] = 0x81; // FIN, and the opcode of text.
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
