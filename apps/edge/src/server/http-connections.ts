import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { addressKey } from '../limits/join-attempts.ts';
import { TokenBucket } from '../limits/token-bucket.ts';
import type { Refusals } from '../refusals/refusal-log.ts';

export interface HttpConnectionsOptions {
  /** How many connections are open at once, without WebSockets and event streams. */
  readonly maxConnections: number;
  /** How many of them one address may have. */
  readonly maxPerAddress: number;
  /** Whether a peer is a proxy, whose connections are those of many clients. */
  readonly isProxy: (address: string) => boolean;
  readonly refusals: Refusals;
}

/** A connection as a TCP server accepts it. */
export type AcceptedConnection = Duplex & { readonly remoteAddress?: string | undefined };

interface Connection {
  readonly connection: AcceptedConnection;
  readonly peer: string;
  /** Whose connection it counts as: its peer's or, behind a proxy and during a request, that of the client. */
  source: Source;
  /** Requests that have arrived completely and are not answered. */
  requests: number;
  readonly forget: () => void;
}

interface Source {
  readonly key: string;
  readonly all: Set<Connection>;
  /** Those without a complete request, the one that is idle for the longest time first. */
  readonly idle: Set<Connection>;
}

/** How many of those that are closed or refused are told why. Telling it costs more than closing them. */
const answerRate = { perSecond: 20, burst: 50 } as const;

/** The connections of all proxies; no address looks like this. */
const proxies = 'proxies';

/**
 * Bounds the HTTP connections of strangers: anybody may open one, and each takes memory. A connection no longer counts here
 * once it has become a WebSocket or an event stream, whose clients have a key or a code and limits of their own.
 *
 * At a limit, the connection that has been without a complete request for the longest time is closed for the new one: of the
 * same address, or else of the address with the most connections. So a client that asks and leaves never pays for one
 * that holds connections open. If all of these have a request in progress, the new one is refused.
 */
export class HttpConnections {
  readonly #options: HttpConnectionsOptions;
  readonly #connections = new Map<Duplex, Connection>();
  readonly #sources = new Map<string, Source>();
  readonly #answers = new TokenBucket(answerRate, performance.now());

  constructor(options: HttpConnectionsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Counts a new connection, or refuses it. */
  accept(connection: AcceptedConnection): void {
    const { remoteAddress } = connection;
    if (remoteAddress === undefined || connection.destroyed) return;
    const { maxConnections, maxPerAddress, isProxy } = this.#options;
    const peer = isProxy(remoteAddress) ? proxies : addressKey(remoteAddress);
    const isAddressFull = peer !== proxies && (this.#sources.get(peer)?.all.size ?? 0) >= maxPerAddress;
    if (isAddressFull && !this.#closeOldestIdle(this.#sources.get(peer))) {
      this.#refuse(connection, 429, 'too many connections from this address');
      return;
    }
    if (this.size >= maxConnections && !this.#closeOldestIdle(this.#largestSource())) {
      this.#refuse(connection, 503, 'too many connections; try again');
      return;
    }
    const forget = (): void => this.release(connection);
    const source = this.#source(peer);
    const counted: Connection = { connection, peer, source, requests: 0, forget };
    this.#connections.set(connection, counted);
    source.all.add(counted);
    source.idle.add(counted);
    connection.once('close', forget);
  }

  /**
   * A request has arrived completely.
   *
   * @param address the client's, which is not the peer's behind a proxy
   * @returns false if the client has too many connections; then the request must be refused
   */
  begin(connection: Duplex, address: string): boolean {
    const counted = this.#connections.get(connection);
    if (counted === undefined) return true;
    if (counted.peer === proxies && counted.requests === 0) {
      const key = this.#options.isProxy(address) ? proxies : addressKey(address);
      const others = this.#sources.get(key)?.all.size ?? 0;
      if (key !== proxies && others >= this.#options.maxPerAddress) {
        this.#options.refusals.record('too-many-connections', { address });
        return false;
      }
      this.#move(counted, key);
    }
    counted.requests += 1;
    counted.source.idle.delete(counted);
    return true;
  }

  /** A request was answered. */
  end(connection: Duplex): void {
    const counted = this.#connections.get(connection);
    if (counted === undefined || counted.requests === 0) return;
    counted.requests -= 1;
    if (counted.requests > 0) return;
    this.#move(counted, counted.peer);
    counted.source.idle.add(counted);
  }

  /** The connection serves a client with limits of its own from now on, or is closed. */
  release(connection: Duplex): void {
    const counted = this.#connections.get(connection);
    if (counted === undefined) return;
    connection.off('close', counted.forget);
    this.#connections.delete(connection);
    this.#leave(counted);
  }

  /**
   * Closes all connections without a complete request. Node.js counts those as busy that were opened in advance, as browsers do, so
   * a server that closes would wait for them until they are cut.
   */
  closeIdle(): void {
    for (const { idle } of [...this.#sources.values()]) for (const { connection } of [...idle]) connection.destroy();
  }

  #closeOldestIdle(source: Source | undefined): boolean {
    const [idle] = source?.idle ?? [];
    if (idle === undefined) return false;
    const { connection } = idle;
    this.#options.refusals.record('too-many-connections', { address: connection.remoteAddress ?? '' });
    this.release(connection);
    // RFC 9110, section 15.5.9: the server did not receive a complete request in the time that it was prepared to wait.
    this.#end(connection, 408, 'too many connections are open; this one had no complete request');
    return true;
  }

  #refuse(connection: AcceptedConnection, status: 429 | 503, message: string): void {
    this.#options.refusals.record('too-many-connections', { address: connection.remoteAddress ?? '' });
    this.#end(connection, status, message);
  }

  #end(connection: Duplex, statusCode: 408 | 429 | 503, message: string): void {
    if (this.#answers.take(performance.now())) endWith(connection, statusCode, message);
    else connection.destroy();
  }

  #largestSource(): Source | undefined {
    let largest: Source | undefined;
    for (const source of this.#sources.values()) if (source.all.size > (largest?.all.size ?? 0)) largest = source;
    return largest;
  }

  #source(key: string): Source {
    const known = this.#sources.get(key);
    if (known !== undefined) return known;
    const source: Source = { key, all: new Set(), idle: new Set() };
    this.#sources.set(key, source);
    return source;
  }

  #move(counted: Connection, key: string): void {
    if (counted.source.key === key) return;
    this.#leave(counted);
    counted.source = this.#source(key);
    counted.source.all.add(counted);
  }

  #leave(counted: Connection): void {
    const { source } = counted;
    source.all.delete(counted);
    source.idle.delete(counted);
    if (source.all.size === 0) this.#sources.delete(source.key);
  }
}

/** Replies without a request, and closes the connection. */
function endWith(connection: Duplex, statusCode: 408 | 429 | 503, message: string): void {
  const error = STATUS_CODES[statusCode] ?? 'Error';
  const body = JSON.stringify({ statusCode, error, message });
  const head = [
    `HTTP/1.1 ${statusCode} ${error}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  connection.on('error', () => undefined);
  connection.once('finish', () => connection.destroy());
  connection.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
