import type { Readable } from 'node:stream';
import type { IncomingHttpHeaders } from 'node:http';
import type { CallCapacity } from '@parley/translation';

/** One HTTP request to the pool's origin. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query, such as `/v1/models`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /**
   * Aborts the request, at the server too, and keeps the connection if possible: over HTTP/2 always. Over HTTP/1.1 with TLS,
   * the rest of the reply is read for a short time, since a new connection is expensive; without TLS, the connection is
   * closed at once.
   */
  readonly signal: AbortSignal;
  /**
   * Uses a connection other than the current ones, after a failure. Such connections are shared by all requests within a few
   * seconds, and over HTTP/1.1 there are few of them.
   */
  readonly useFreshConnection?: boolean | undefined;
  /** Called when the request is sent, again if it is repeated. Before that, the server has not received anything. */
  readonly onSent?: () => void;
}

export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  /** Must be read to its end or destroyed, or its connection is not released. */
  readonly body: Readable;
}

/** Connection counts for metrics and tests. */
interface ConnectionStats {
  /** Connections opened since the pool was created, not counting failed ones. */
  readonly opened: number;
  /** Connections currently open. */
  readonly connected: number;
}

export interface ConnectionPool {
  readonly stats: ConnectionStats;
  /** How many requests it makes at once at present. */
  readonly capacity: CallCapacity;
  /**
   * Resolves when the response headers have arrived. A request whose connection was closed before any part of the response
   * arrived is repeated once. After a time-out over HTTP/1.1, further requests use newly opened connections, since idle ones
   * may be affected as well.
   *
   * @throws the error of undici or of the system, or the signal's reason
   */
  request(request: HttpRequest): Promise<HttpResponse>;
  /**
   * Opens all connections of the pool (one for HTTP/2). From then on, they are used before they become idle, lost HTTP/2
   * connections are reopened, and old ones are replaced.
   *
   * @returns the status of one of the responses
   * @throws as `request` does, if no connection could be opened
   */
  warm(request: HttpRequest): Promise<number>;
  /** Closes all connections and aborts all requests. Idempotent. */
  close(): Promise<void>;
}

export interface ConnectionPoolOptions {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Maximum number of connections in use at the same time, not counting spare ones. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** Whether to use HTTP/2 if the server offers it (over TLS). */
  readonly http2: boolean;
  /** `false`: every request opens and closes its own connection. */
  readonly pooled: boolean;
  /** Unused connections are closed after this time, or earlier if the server requests it. */
  readonly idleTimeoutMs: number;
  /** How often warmed connections are used to keep them from becoming idle; less than `idleTimeoutMs`. */
  readonly refreshIntervalMs: number;
  /** Age at which warmed connections are replaced, before a server or load balancer closes them. */
  readonly maxAgeMs?: number | undefined;
  /** Additional trusted certificates in PEM format. */
  readonly certificateAuthority?: string | undefined;
}
