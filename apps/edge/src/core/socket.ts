import type { TokenGrant } from '../access/token.ts';
import type { OutgoingMessage } from './outgoing-message.ts';

/** The core's view of a client's connection, implemented by the transport. */
export interface Socket {
  /** Queues a message; does nothing if the socket is closed. */
  send(message: OutgoingMessage): void;
  /** The size of a message as this transport sends it, in bytes. */
  sizeOf(message: OutgoingMessage): number;
  /** Bytes queued and not yet passed to the network. */
  readonly bufferedBytes: number;
  /** Whether the send queue is above its high-water mark; stays true until the handler's `drained` is called. */
  readonly needsDrain: boolean;
  /** Reads nothing from the client for this time; the network holds back what it sends meanwhile. */
  pauseReading(pauseMs: number): void;
  /** Starts the closing handshake; the transport terminates the connection if the peer doesn't reply in time. */
  close(code: number, reason: string): void;
}

export interface ClientIdentity {
  readonly tenant: string;
  readonly address: string;
  /** Set if the client connected with a join code instead of a key; it may only listen to that session. */
  readonly joinCode?: string | undefined;
  /** Set if the client connected with a token, or with a key that permits no more than one; it may do only what that permits. */
  readonly token?: TokenGrant | undefined;
  /** The API key in Redis that the client has, or that has made its token. */
  readonly keyId?: string | undefined;
}

/** A frame that the transport does not pass on. */
export interface RejectedFrame {
  readonly code: 'frame-too-large' | 'not-text';
  readonly message: string;
  readonly bytes: number;
  /** The `id` of the message in the frame, if known. */
  readonly causedBy?: string | undefined;
}

/** Whether a client may only listen, by its join code or its token. */
export function isListener({ joinCode, token }: ClientIdentity): boolean {
  return joinCode !== undefined || token?.scope === 'listen';
}

/** Names the client: all connections of a tenant from one address, or all with join codes, which anybody may have. */
export function sourceOf({ tenant, address, joinCode }: ClientIdentity): string {
  return joinCode === undefined ? `${tenant} ${address}` : address;
}

/**
 * Receives the events of a connection. The transport calls it immediately and without waiting; the core orders the
 * work.
 */
export interface SocketHandler {
  message(frame: string, receivedAtMs: number): void;
  frameRejected(frame: RejectedFrame): void;
  /** All queued bytes were passed to the network. */
  drained(): void;
  /** @param hasLeft whether the client closed it in order to leave; otherwise it may be about to reconnect */
  closed(hasLeft: boolean): void;
}

export type SocketOpened = (socket: Socket, client: ClientIdentity) => SocketHandler;
