import type { Readable } from 'node:stream';
import type { IncomingHttpHeaders } from 'node:http';

/** One HTTP request to the pool's origin. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query, such as `/v1/models`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /**
   * Its abort ends the request, at the server too, and keeps the connection: over HTTP/2 at once. An HTTP/1.1 reply
   * can't be left, so over TLS, where a connection is dear, it is read on for a moment before its connection is given
   * up; without TLS its connection is closed at once.
   */
  readonly signal: AbortSignal;
  /**
   * It goes over another connection than the ones in use: something has failed there. Such connections are shared by
   * all that comes within some seconds, and over HTTP/1.1, where one carries one request, there are few.
   */
  readonly useFreshConnection?: boolean | undefined;
  /** Hears when the request goes out, and again where it is made once more: until then, the server knows nothing of it. */
  readonly onSent?: () => void;
}

export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  /** Must be read to its end or destroyed, or else its connection stays taken. */
  readonly body: Readable;
}

/** How often connections were needed, for metrics and for tests. */
interface ConnectionStats {
  /** Connections opened since the pool was made, those that failed not counted. */
  readonly opened: number;
  /** Connections that are open now. */
  readonly connected: number;
}

export interface ConnectionPool {
  readonly stats: ConnectionStats;
  /**
   * Resolves when the status line and the headers are there. A request that a dying connection swallowed before any
   * of the answer came is made once more, unseen. After one that timed out over HTTP/1.1, others go over connections
   * that were opened since: whatever silenced the one may have silenced its idle neighbours.
   *
   * @throws the error of undici or of the system, or the reason of the signal
   */
  request(request: HttpRequest): Promise<HttpResponse>;
  /**
   * Opens connections, as many as the pool may hold (one, where the server speaks HTTP/2), and from then on keeps
   * them from going idle, opens lost HTTP/2 ones again, and replaces those of age.
   *
   * @returns the status of one of the answers
   * @throws what `request` throws, if not even one connection could be opened
   */
  warm(request: HttpRequest): Promise<number>;
  /** Ends every connection and every request. Idempotent. */
  close(): Promise<void>;
}

export interface ConnectionPoolOptions {
  /** Scheme, host and port. */
  readonly origin: string;
  /** The most connections in use at once, spare ones not counted. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** Whether HTTP/2 is spoken where the server offers it (over TLS). */
  readonly http2: boolean;
  /** `false`: every request opens a connection of its own, and closes it. */
  readonly pooled: boolean;
  /** An unused connection is closed after this time, or when the server's own hint says so. */
  readonly idleTimeoutMs: number;
  /** How often warmed connections are used so that they don't go idle; less than `idleTimeoutMs`. */
  readonly refreshIntervalMs: number;
  /** When warmed connections are replaced by younger ones, before a server or a balancer has had enough of them. */
  readonly maxAgeMs?: number | undefined;
  /** Certificates to trust besides the well-known ones, in PEM. */
  readonly certificateAuthority?: string | undefined;
}
