import { Pool } from 'undici';
import { clientOptions } from './client-options.ts';
import type { ConnectionPool, ConnectionPoolOptions, HttpRequest, HttpResponse } from './connection-pool.ts';
import { createCountingConnector } from './connector.ts';
import { discardBody } from './discard-body.ts';
import { isStaleConnection } from './stale-connection.ts';

/** The pool that keeps its connections: HTTP/2 with many requests on each where offered, HTTP/1.1 keep-alive elsewhere. */
export function createKeepAlivePool(options: ConnectionPoolOptions): ConnectionPool {
  const connector = createCountingConnector(options);
  const pool = new Pool(options.origin, { ...clientOptions(options, connector), connections: options.connections });
  const closing = new AbortController();
  let refreshing: NodeJS.Timeout | undefined;
  let closed: Promise<void> | undefined;

  async function touch(request: HttpRequest): Promise<number> {
    const { statusCode, body } = await pool.request(request);
    await discardBody(body);
    return statusCode;
  }

  /** Uses every connection that isn't in use, and opens those that are missing. */
  async function touchFree(request: HttpRequest): Promise<number> {
    const statusCode = await touch(request);
    // A multiplexed connection is warm after one request; further ones would only load the server.
    const free = connector.multiplexed ? 0 : options.connections - pool.stats.running - pool.stats.pending;
    await Promise.allSettled(Array.from({ length: Math.max(0, free) }, () => touch(request)));
    return statusCode;
  }

  function keepWarm(request: HttpRequest): void {
    const refresh = () => {
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(options.refreshIntervalMs)]);
      // A failure is left to the requests that matter: they meet the same engine.
      touchFree({ ...request, signal }).catch(() => undefined);
    };
    refreshing ??= setInterval(refresh, options.refreshIntervalMs).unref();
  }

  async function send(request: HttpRequest): Promise<HttpResponse> {
    const response = await pool.request(request);
    // Whoever reads the body hears of its errors while reading; nobody need listen after that.
    response.body.on('error', () => undefined);
    return response;
  }

  return {
    get stats() {
      return { opened: connector.opened, connected: pool.stats.connected };
    },

    async request(request) {
      try {
        return await send(request);
      } catch (error) {
        if (request.signal.aborted || closing.signal.aborted || !isStaleConnection(error)) throw error;
        return send(request);
      }
    },

    async warm(request) {
      const statusCode = await touchFree(request);
      if (!closing.signal.aborted) keepWarm(request);
      return statusCode;
    },

    close() {
      closing.abort();
      clearInterval(refreshing);
      return (closed ??= pool.destroy());
    },
  };
}
