import type { ServerMessage, SessionEnded } from '@parley/protocol';
import type { ConnectionEvents } from '../connection.ts';
import type { OpenSocket } from '../socket.ts';
import type { Backoff } from './backoff.ts';

/** Connection options of a session that reconnects. */
export interface LiveOptions {
  /** URLs of the edges; each attempt uses the next one in turn. */
  readonly urls: readonly [string, ...string[]];
  readonly backoff?: Backoff;
  /**
   * Time without a connection after which the session is given up, in milliseconds (default 600,000). While a listener waits for
   * a session to begin, it is not counted.
   */
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
  /** Listeners that hear every event, including those before the returned promise resolves. */
  readonly on?: { readonly [Name in keyof LiveEvents]?: (event: LiveEvents[Name]) => void };
  /** As in `connect`. */
  readonly openSocket?: OpenSocket;
}

/**
 * Events of a live session over all its connections. In addition, each server message but `error` under its own type,
 * `message` for every one of them, and `sent` for each client message.
 */
export type LiveEvents = Omit<ConnectionEvents, 'closed' | 'error'> & {
  /** A connection is being opened; `attempt` counts from 1 since the last one that was open. */
  connecting: { readonly attempt: number };
  /** The session is open on a new connection. */
  connected: undefined;
  /**
   * The session goes on after a lost connection. `recovered` is false if messages in between may be missing: the server
   * no longer had all of them, or has started a new session.
   */
  resumed: { readonly recovered: boolean };
  /** An open connection was lost; `reconnecting` follows, unless the session is given up. */
  disconnected: Error;
  /** An attempt failed or a connection was lost; the next attempt follows after `waitMs` milliseconds. */
  reconnecting: { readonly error: Error; readonly waitMs: number };
  /**
   * The room of the join code has no session yet. A listener asks again after `waitMs` milliseconds, until there is one.
   * `reconnecting` follows.
   */
  waiting: { readonly waitMs: number };
  /** The session has ended on the server; `undefined` if it had ended while there was no connection. */
  ended: SessionEnded | undefined;
  /**
   * The server refused a message (a `ServerError`, which names it as `causedBy`), or the session is given up for
   * another reason; then `closed` follows.
   */
  error: Error;
  /** The last event, once; without an error if the session ended or was closed by its user. */
  closed: Error | undefined;
};
