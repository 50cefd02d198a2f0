import type { Client } from 'undici';
import type { ConnectionPoolOptions } from './connection-pool.ts';
import type { CountingConnector } from './connector.ts';

/** Requests that one HTTP/2 connection carries at once, unless the server allows fewer. */
const maxConcurrentStreams = 100;
/**
 * A peer that doesn't answer a PING until the next one is due is gone, so its requests learn that after twice this
 * time at the latest: before a first token is given up by default.
 */
const pingIntervalMs = 2000;
/**
 * A server that says how long it keeps an idle connection (`keep-alive: timeout=5`) is left this much earlier: no
 * request may cross its goodbye.
 */
const keepAliveMarginMs = 1000;
/**
 * The largest body that is read, as it is sent and when it is unpacked; lists of models are the largest. A streamed reply
 * of 4,096 tokens takes 2 MiB at most.
 */
export const maxReplyBytes = 16 * 1024 * 1024;

/** What every connection has in common. Deadlines are the caller's, by signal, so undici keeps none of its own. */
export function clientOptions(
  { http2, idleTimeoutMs }: Pick<ConnectionPoolOptions, 'http2' | 'idleTimeoutMs'>,
  { connect }: CountingConnector,
): Client.Options {
  return {
    connect,
    allowH2: http2,
    keepAliveTimeout: idleTimeoutMs,
    keepAliveTimeoutThreshold: keepAliveMarginMs,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: maxReplyBytes,
    ...(http2 ? { h2Options: { maxConcurrentStreams, pingInterval: pingIntervalMs } } : {}),
  };
}
