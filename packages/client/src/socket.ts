/** An open WebSocket, as far as the client needs one: text frames out, text frames and one closing in. */
export interface ClientSocket {
  send(frame: string): void;
  /** Starts the closing handshake; `onClose` follows. */
  close(closeCode: number, reason: string): void;
  /** Gives the socket up without waiting for the peer, as far as the platform can; `onClose` follows. */
  terminate(): void;
}

/** What a socket reports. `onClose` comes once and last; 1006 stands for a cut connection. */
export interface SocketEvents {
  onFrame(frame: string): void;
  onClose(closeCode: number, reason: string): void;
}

export interface SocketRequest {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly joinCode: string | undefined;
  readonly events: SocketEvents;
  readonly signal: AbortSignal;
}

/**
 * Opens a WebSocket. Rejects with a `ConnectionRefusedError`, or with the reason of `signal`; after that no event comes
 * and nothing stays open.
 */
export type OpenSocket = (request: SocketRequest) => Promise<ClientSocket>;
