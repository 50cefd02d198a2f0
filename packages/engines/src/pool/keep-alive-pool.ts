import { EngineTimeoutError } from '@parley/translation';
import { errors } from 'undici';
import { watchAbortedStreams } from './aborted-streams.ts';
import type { ConnectionPool, ConnectionPoolOptions, HttpRequest, HttpResponse } from './connection-pool.ts';
import type { Generation } from './generation.ts';
import { Generations } from './generations.ts';
import { requestLingering } from './lingering-request.ts';
import { sendVia } from './send-via.ts';
import { createSingleUsePool } from './single-use-pool.ts';

const codes = new Set([
  'ECONNRESET',
  'EPIPE',
  // What Node.js says of the streams of an HTTP/2 session that ended in an error or was told to go.
  'ERR_HTTP2_SESSION_ERROR',
  'ERR_HTTP2_GOAWAY_SESSION',
  'ERR_HTTP2_INVALID_SESSION',
  'ERR_HTTP2_STREAM_CANCEL',
]);

/**
 * Whether a request failed because its connection ended under it. For one without an answer so far this is what a
 * keep-alive connection looks like that the server closed in the same moment (RFC 9112, section 9.3.1: such a
 * request may be sent again where that does no harm, and a translation does none).
 */
export function isStaleConnection(error: unknown): boolean {
  // The second is what undici says of an HTTP/2 stream whose session has gone.
  if (error instanceof errors.SocketError || error instanceof errors.InformationalError) return true;
  return error instanceof Error && 'code' in error && codes.has(String(error.code));
}

/** The pool that keeps its connections: HTTP/2 with many requests on each where offered, HTTP/1.1 keep-alive elsewhere. */
export function createKeepAlivePool(options: ConnectionPoolOptions): ConnectionPool {
  const overTls = new URL(options.origin).protocol === 'https:';
  const generations = new Generations(options);

  /**
   * A silent HTTP/1.1 connection may have silent neighbours; over HTTP/2 the PINGs tell. A lost HTTP/2 connection is
   * lost to all of its requests.
   */
  function learn(generation: Generation, { aborted, reason }: AbortSignal, error: unknown): void {
    const isGone = generation.multiplexed
      ? !aborted && isStaleConnection(error)
      : aborted && reason instanceof EngineTimeoutError;
    if (isGone) generations.abandon(generation);
  }

  async function send(generation: Generation, request: HttpRequest): Promise<HttpResponse> {
    const response = await sendVia(generation.pool, request);
    // Whoever reads the body hears of its errors while reading.
    response.body.on('error', (error) => learn(generation, request.signal, error));
    return response;
  }

  async function sendOnce(request: HttpRequest): Promise<HttpResponse> {
    const generation = request.useFreshConnection === true ? generations.spare() : generations.current;
    const { pool, multiplexed, connections } = generation;
    try {
      if (multiplexed || !overTls) return await send(generation, request);
      const isSpare = (): boolean => pool.stats.running + pool.stats.pending < connections;
      return await requestLingering(request, (lingering) => send(generation, lingering), isSpare);
    } catch (error) {
      learn(generation, request.signal, error);
      throw error;
    }
  }

  return {
    get stats() {
      return { opened: generations.opened, connected: generations.connected };
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

/** A pool of connections to one origin, or, with `pooled: false`, the like of one without any reuse. */
export function createConnectionPool(options: ConnectionPoolOptions): ConnectionPool {
  if (options.http2) watchAbortedStreams();
  return options.pooled ? createKeepAlivePool(options) : createSingleUsePool(options);
}
