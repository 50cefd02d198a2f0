import type { ServerMessage } from '@parley/protocol';
import type { OpenSocket } from '../socket.ts';
import type { Backoff } from './backoff.ts';

/** How a session that survives its socket finds its way back. */
export interface LiveOptions {
  /** Where the edges are; each next connection goes to the next of them. */
  readonly urls: readonly [string, ...string[]];
  readonly backoff?: Backoff;
  /** The most milliseconds without a connection before the session counts as lost (default 600,000). */
  readonly giveUpAfterMs?: number;
  /** The most milliseconds that opening a connection, or the answer to its first message, may take (default 10,000). */
  readonly openTimeoutMs?: number;
  /** A server that says nothing for this long is pinged, and given up after twice as long (default 20,000). */
  readonly silenceMs?: number;
  /** Ends it: connections are closed, and every wait is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Gets every delivered message from the very first one on, which may come before the promised session is looked at. */
  readonly onMessage?: (message: ServerMessage) => void;
  /** As for `connect`. */
  readonly openSocket?: OpenSocket;
}
