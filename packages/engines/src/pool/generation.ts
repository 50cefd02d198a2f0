import { Pool } from 'undici';
import { clientOptions } from './connector.ts';
import type { ConnectionPoolOptions, HttpRequest } from './connection-pool.ts';
import { createCountingConnector } from './connector.ts';
import { discardBody } from './send-via.ts';

/** Connections that were opened for each other's replacement: those of one generation are retired together. */
export interface Generation {
  readonly pool: Pool;
  readonly bornAtMs: number;
  /** The most connections at once. */
  readonly connections: number;
  /** Connections opened so far. */
  readonly opened: number;
  /** Whether its connections carry many requests at once: HTTP/2. */
  readonly multiplexed: boolean;
  /** How long the server says that it keeps an idle connection, as far as it says so. */
  readonly keepAliveMs: number;
  /** Makes a request that only matters for its connection. */
  touch(request: HttpRequest): Promise<number>;
  /**
   * Uses every connection that isn't in use, and opens those that are missing.
   *
   * @returns the status of one of the answers
   */
  touchFree(request: HttpRequest): Promise<number>;
}

export function createGeneration(options: ConnectionPoolOptions): Generation {
  const connector = createCountingConnector(options);
  let keepAliveMs = Infinity;
  const pool = new Pool(options.origin, { ...clientOptions(options, connector), connections: options.connections });

  async function touch(request: HttpRequest): Promise<number> {
    const { statusCode, headers, body } = await pool.request(request);
    keepAliveMs = keepAliveOf(headers['keep-alive']) ?? Infinity;
    await discardBody(body);
    return statusCode;
  }

  return {
    pool,
    bornAtMs: performance.now(),
    connections: options.connections,
    get opened() {
      return connector.opened;
    },
    get multiplexed() {
      return connector.multiplexed;
    },
    get keepAliveMs() {
      return keepAliveMs;
    },
    touch,
    async touchFree(request) {
      const statusCode = await touch(request);
      // A multiplexed connection is warm after one request; further ones would only load the server.
      const free = connector.multiplexed ? 0 : options.connections - pool.stats.running - pool.stats.pending;
      await Promise.allSettled(Array.from({ length: Math.max(0, free) }, () => touch(request)));
      return statusCode;
    },
  };
}

/** Of a `keep-alive: timeout=5`, in seconds: RFC 2068, section 19.7.1.1, which is still what servers send. */
function keepAliveOf(header: string | string[] | undefined): number | undefined {
  const [, seconds] = /\btimeout=(\d{1,6})\b/i.exec(String(header)) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
