import type { ConnectionPool, ConnectionPoolOptions } from './connection-pool.ts';
import { createKeepAlivePool } from './keep-alive-pool.ts';
import { watchAbortedStreams } from './aborted-streams.ts';
import { createSingleUsePool } from './single-use-pool.ts';

/** A pool of connections to one origin, or, with `pooled: false`, the like of one without any reuse. */
export function createConnectionPool(options: ConnectionPoolOptions): ConnectionPool {
  if (options.http2) watchAbortedStreams();
  return options.pooled ? createKeepAlivePool(options) : createSingleUsePool(options);
}
