import type { ServerMessage } from '@parley/protocol';
import type { ConnectionEvents } from '../connection.ts';
import type { OpenSocket } from '../socket.ts';
import type { Backoff } from './backoff.ts';

/** Connection options of a session that reconnects. */
export interface LiveOptions {
  /** URLs of the edges; each attempt uses the next one in turn. */
  readonly urls: readonly [string, ...string[]];
  readonly backoff?: Backoff;
  /** Time without a connection after which the session is given up, in milliseconds (default 600,000). */
  readonly giveUpAfterMs?: number;
  /** Timeout for opening a connection and for the reply to its first message, in milliseconds (default 10,000). */
  readonly openTimeoutMs?: number;
  /**
   * Silence of the server in milliseconds after which it is pinged (default 20,000); after twice this time the
   * connection is dropped.
   */
  readonly silenceMs?: number;
  /** Aborting closes the connections and rejects all waits with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Receives every delivered message, including those that arrive before the returned promise resolves. */
  readonly onMessage?: (message: ServerMessage) => void;
  /** As in `connect`. */
  readonly openSocket?: OpenSocket;
}

/**
 * Events of a live session over all its connections: server messages under their own types, `message` for each of
 * them, `sent` for each client message. `disconnected` means that the socket was lost and a reconnect follows; if
 * the session can't be resumed, a new one is started (`session.started`). `closed` is the last event and comes once,
 * without an error if the session ended or was closed by its user.
 */
export type LiveEvents = Omit<ConnectionEvents, 'closed'> & {
  disconnected: Error;
  closed: Error | undefined;
};
