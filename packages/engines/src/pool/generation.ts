import { Pool } from 'undici';
import { clientOptions } from './connector.ts';
import type { ConnectionPoolOptions, HttpRequest } from './connection-pool.ts';
import { createCountingConnector } from './connector.ts';
import { discardBody } from './send-via.ts';

/** A group of connections that are replaced together. */
export interface Generation {
  readonly pool: Pool;
  readonly bornAtMs: number;
  /** Maximum number of connections. */
  readonly connections: number;
  /** Number of connections opened so far. */
  readonly opened: number;
  /** Whether its connections are multiplexed (HTTP/2). */
  readonly multiplexed: boolean;
  /** How long the server keeps idle connections, if announced; otherwise infinite. */
  readonly keepAliveMs: number;
  /** Makes a request to keep a connection alive. */
  touch(request: HttpRequest): Promise<number>;
  /**
   * Uses every free connection, and opens those that are missing.
   *
   * @returns the status of one of the responses
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
      // One request warms a multiplexed connection; more would only add load.
      const free = connector.multiplexed ? 0 : options.connections - pool.stats.running - pool.stats.pending;
      await Promise.allSettled(Array.from({ length: Math.max(0, free) }, () => touch(request)));
      return statusCode;
    },
  };
}

/** Reads `keep-alive: timeout=5`, in seconds: RFC 2068, section 19.7.1.1, which servers still send. */
function keepAliveOf(header: string | string[] | undefined): number | undefined {
  const [, seconds] = /\btimeout=(\d{1,6})\b/i.exec(String(header)) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
