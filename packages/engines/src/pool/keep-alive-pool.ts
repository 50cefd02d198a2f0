import { EngineTimeoutError } from '@parley/translation';
import { errors } from 'undici';
import { watchAbortedStreams } from './aborted-streams.ts';
import type { ConnectionPool, ConnectionPoolOptions, HttpRequest, HttpResponse } from './connection-pool.ts';
import type { Generation } from './generation.ts';
import { Generations } from './generations.ts';
import { requestLingering } from './lingering-request.ts';
import { sendVia } from './send-via.ts';
import { createSingleUsePool } from './single-use-pool.ts';
import { traceRequests } from './trace-requests.ts';

const codes = new Set([
  'ECONNRESET',
  'EPIPE',
  // Errors of streams whose HTTP/2 session failed or received GOAWAY.
  'ERR_HTTP2_SESSION_ERROR',
  'ERR_HTTP2_GOAWAY_SESSION',
  'ERR_HTTP2_INVALID_SESSION',
  'ERR_HTTP2_STREAM_CANCEL',
]);

/**
 * Whether a request failed because its connection was closed. Without any response, this is typical of a keep-alive
 * connection that the server closed at the same time; RFC 9112, section 9.3.1, allows repeating idempotent requests, and a
 * translation can be repeated safely.
 */
export function isStaleConnection(error: unknown): boolean {
  // undici reports InformationalError for a stream whose HTTP/2 session has ended.
  if (error instanceof errors.SocketError || error instanceof errors.InformationalError) return true;
  return error instanceof Error && 'code' in error && codes.has(String(error.code));
}

/** Creates a pool that reuses connections: multiplexed over HTTP/2 if offered, otherwise HTTP/1.1 keep-alive. */
export function createKeepAlivePool(options: ConnectionPoolOptions): ConnectionPool {
  const overTls = new URL(options.origin).protocol === 'https:';
  const generations = new Generations(options);
  /** Connections that are occupied by the rest of the reply to an aborted request. */
  let lingering = 0;

  /**
   * Replaces the connections after a failure that may affect all of them: a time-out over HTTP/1.1 (HTTP/2 has PINGs), or a
   * lost HTTP/2 connection.
   */
  function handleFailure(generation: Generation, { aborted, reason }: AbortSignal, error: unknown): void {
    const isGone = generation.multiplexed
      ? !aborted && isStaleConnection(error)
      : aborted && reason instanceof EngineTimeoutError;
    if (isGone) generations.abandon(generation);
  }

  async function send(generation: Generation, request: HttpRequest): Promise<HttpResponse> {
    const response = await sendVia(generation.pool, request);
    // Readers of the body handle its errors themselves.
    response.body.on('error', (error) => handleFailure(generation, request.signal, error));
    return response;
  }

  async function sendOnce(request: HttpRequest): Promise<HttpResponse> {
    const generation = request.useFreshConnection === true ? generations.spare() : generations.current;
    const { pool, multiplexed, connections } = generation;
    try {
      if (multiplexed || !overTls) return await send(generation, request);
      const tryLinger = (): Disposable | undefined => {
        if (pool.stats.running + pool.stats.pending >= connections) return undefined;
        lingering += 1;
        return { [Symbol.dispose]: () => void (lingering -= 1) };
      };
      return await requestLingering(request, (detached) => send(generation, detached), tryLinger);
    } catch (error) {
      handleFailure(generation, request.signal, error);
      throw error;
    }
  }

  return {
    get stats() {
      return { opened: generations.opened, connected: generations.connected };
    },

    get capacity() {
      return { calls: generations.current.multiplexed ? Infinity : options.connections, lingering };
    },

    async request(request) {
      try {
        return await sendOnce(request);
      } catch (error) {
        if (request.signal.aborted || generations.closing || !isStaleConnection(error)) throw error;
        return sendOnce(request);
      }
    },

    async warm(request) {
      const statusCode = await generations.current.touchFree(request);
      generations.keepWarm(request);
      return statusCode;
    },

    close: () => generations.close(),
  };
}

/** Creates a pool of connections to one origin or, with `pooled: false`, one without reuse. */
export function createConnectionPool(options: ConnectionPoolOptions): ConnectionPool {
  if (options.http2) watchAbortedStreams();
  const pool = options.pooled ? createKeepAlivePool(options) : createSingleUsePool(options);
  return traceRequests(pool, options.origin);
}
