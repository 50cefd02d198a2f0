import { EngineTimeoutError } from '@parley/translation';
import type { ConnectionPool, ConnectionPoolOptions, HttpRequest, HttpResponse } from './connection-pool.ts';
import type { Generation } from './generation.ts';
import { Generations } from './generations.ts';
import { requestLingering } from './lingering-request.ts';
import { sendVia } from './send-via.ts';
import { isStaleConnection } from './stale-connection.ts';

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
    const generation = request.apart === true ? generations.apart() : generations.current;
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
