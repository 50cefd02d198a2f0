import { openPlatformSocket } from '#platform-socket';
import { canonicalJoinCode, streamPath } from '@parley/protocol';
import { Client } from './client.ts';
import { Connection } from './connection.ts';
import { DeadlineError } from './errors.ts';
import type { OpenSocket } from './socket.ts';

export interface ConnectOptions {
  /** URL of the edge, such as `ws://127.0.0.1:8787`; `http` and `https` become `ws` and `wss`. */
  readonly url: string;
  readonly apiKey?: string | undefined;
  /** The join code of a session to listen to; it authorizes the connection without an API key. */
  readonly joinCode?: string | undefined;
  /** The last offset received, if this client has listened before: then it still gets the rest of a session that has just ended. */
  readonly offset?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Timeout for opening the connection in milliseconds (default 10,000). */
  readonly timeoutMs?: number;
  /** Opens the socket; by default the `ws` package does in Node.js, and the standard `WebSocket` elsewhere. */
  readonly openSocket?: OpenSocket;
}

/**
 * Opens a connection to an edge.
 *
 * @throws ConnectionRefusedError, DeadlineError, or the signal's reason; TypeError if `url` is invalid
 */
export async function connect(options: ConnectOptions): Promise<Client> {
  return new Client(await openConnection(options));
}

/** Like `connect`, but returns the bare connection. */
export async function openConnection(options: ConnectOptions): Promise<Connection> {
  const { apiKey, offset, timeoutMs = 10_000, openSocket = openPlatformSocket } = options;
  const joinCode = options.joinCode === undefined ? undefined : canonicalJoinCode(options.joinCode);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new DeadlineError('connection', timeoutMs)), timeoutMs);
  const signal = options.signal === undefined ? deadline.signal : AbortSignal.any([options.signal, deadline.signal]);
  const connection = new Connection();
  try {
    connection.attach(
      await openSocket({ url: streamUrl(options.url, offset), apiKey, joinCode, events: connection, signal }),
    );
    return connection;
  } finally {
    clearTimeout(timer);
  }
}

function streamUrl(given: string, offset: number | undefined): string {
  const url = new URL(given);
  if (url.pathname === '/') url.pathname = streamPath;
  if (offset !== undefined) url.searchParams.set('offset', String(offset));
  return url.href.replace(/^http/, 'ws');
}
