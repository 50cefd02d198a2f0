/** What the core knows of a client's connection; adapters implement it. */
export interface Socket {
  /**
   * Queues one text frame. `drained` is called once the network has taken it, `bufferedBytes` being that much less by
   * then; never where the socket is closed already.
   */
  send(frame: string, drained?: () => void): void;
  /** Bytes queued and not yet handed to the network. */
  readonly bufferedBytes: number;
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
  closed(): void;
}

export type SocketOpened = (socket: Socket, client: ClientIdentity) => SocketHandler;
