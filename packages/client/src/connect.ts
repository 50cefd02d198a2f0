import { streamPath } from '@parley/protocol';
import { Client } from './client.ts';
import { Connection } from './connection.ts';
import { DeadlineError } from './errors.ts';
import type { OpenSocket } from './socket.ts';

export interface ConnectOptions {
  /** Where the edge is, such as `ws://127.0.0.1:8787`; `http` and `https` are taken as `ws` and `wss`. */
  readonly url: string;
  readonly apiKey?: string | undefined;
  /** The join code of a session to listen to; alone it is the right to open the connection. */
  readonly joinCode?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The most milliseconds that opening the connection may take (default 10,000). */
  readonly timeoutMs?: number;
  /** What opens the socket; by default the `ws` package. In a browser: `webSocketOpener(WebSocket)`. */
  readonly openSocket?: OpenSocket;
}

/**
 * Opens a connection to an edge.
 *
 * @throws ConnectionRefusedError, DeadlineError, or the reason of the signal; TypeError where `url` is none
 */
export async function connect(options: ConnectOptions): Promise<Client> {
  return new Client(await openConnection(options));
}

/** As `connect`, without the client around the connection. */
export async function openConnection(options: ConnectOptions): Promise<Connection> {
  const { apiKey, joinCode, timeoutMs = 10_000, openSocket = openWithWs } = options;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new DeadlineError('connection', timeoutMs)), timeoutMs);
  const signal = options.signal === undefined ? deadline.signal : AbortSignal.any([options.signal, deadline.signal]);
  const connection = new Connection();
  try {
    connection.attach(await openSocket({ url: streamUrl(options.url), apiKey, joinCode, events: connection, signal }));
    return connection;
  } finally {
    clearTimeout(timer);
  }
}

/** Only loaded where it is used: `ws` doesn't exist in a browser. */
const openWithWs: OpenSocket = async (request) => {
  const { openNodeSocket } = await import('./node-socket.ts');
  return openNodeSocket(request);
};

function streamUrl(given: string): string {
  const url = new URL(given);
  if (url.pathname === '/') url.pathname = streamPath;
  return url.href.replace(/^http/, 'ws');
}
