import type { ConnectionRefusedError, UnreadableFrameError } from './errors.ts';

/** The part of an open WebSocket that the client needs. */
export interface ClientSocket {
  send(frame: string): void;
  /** Starts the closing handshake; `onClose` follows. */
  close(closeCode: number, reason: string): void;
  /** Drops the socket without waiting for the peer, if the platform allows it; `onClose` follows. */
  terminate(): void;
}

/**
 * Events of a socket. `onClose` is the last one and comes once; code 1006 means that the connection was cut. `cause` is
 * the error because of which the client closed it, or with which the server refused it although it seemed open.
 */
export interface SocketEvents {
  onFrame(frame: string): void;
  onClose(closeCode: number, reason: string, cause?: UnreadableFrameError | ConnectionRefusedError): void;
}

export interface SocketRequest {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly joinCode: string | undefined;
  readonly events: SocketEvents;
  readonly signal: AbortSignal;
}

/**
 * Opens a WebSocket. Rejects with a `ConnectionRefusedError` or the signal's reason; no events follow then and the
 * socket is closed.
 */
export type OpenSocket = (request: SocketRequest) => Promise<ClientSocket>;
