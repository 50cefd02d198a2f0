import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { buildConnector, type Client } from 'undici';
import type { ConnectionPoolOptions } from './connection-pool.ts';

/** Idle time before the system sends TCP keep-alive probes; libuv allows 10 probes, one per second. */
const tcpKeepAliveMs = 10_000;

/** Opens sockets and counts them. */
export interface CountingConnector {
  readonly connect: buildConnector.connector;
  /** Connections opened so far. */
  readonly opened: number;
  /** Whether the newest connection is multiplexed (HTTP/2). */
  readonly multiplexed: boolean;
}

/** Wraps undici's connector, preferring HTTP/2 and counting opened connections. */
export function createCountingConnector(
  options: Pick<ConnectionPoolOptions, 'connectTimeoutMs' | 'http2' | 'certificateAuthority'>,
): CountingConnector {
  const open = buildConnector({
    timeout: options.connectTimeoutMs,
    keepAliveInitialDelay: tcpKeepAliveMs,
    allowH2: options.http2,
    preferH2: options.http2,
    ...(options.certificateAuthority === undefined ? {} : { secureContext: trusting(options.certificateAuthority) }),
  });
  let opened = 0;
  let multiplexed = false;
  return {
    connect: (target, callback) =>
      open(target, (...result) => {
        const [error, socket] = result;
        if (error === null) {
          opened++;
          multiplexed = 'alpnProtocol' in socket && socket.alpnProtocol === 'h2';
        }
        callback(...result);
      }),
    get opened() {
      return opened;
    },
    get multiplexed() {
      return multiplexed;
    },
  };
}

/** Created once per connector: reading all well-known certificates takes longer than connecting. */
function trusting(certificateAuthority: string): SecureContext {
  return createSecureContext({ ca: [...getCACertificates('default'), certificateAuthority] });
}

/** Maximum concurrent requests on an HTTP/2 connection, unless the server allows fewer. */
const maxConcurrentStreams = 100;
/**
 * A peer that has not answered a PING when the next one is due is considered dead. Its requests fail after at most twice this
 * time, which is before the default first-token time-out.
 */
const pingIntervalMs = 2000;
/**
 * Idle connections are closed this much earlier than the server announces (`keep-alive: timeout=5`), so that no request is
 * sent while the server closes the connection.
 */
const keepAliveMarginMs = 1000;
/**
 * Maximum size of a response body, compressed and decompressed. The largest are lists of models; a streamed reply of 4,096
 * tokens takes at most 2 MiB.
 */
export const maxReplyBytes = 16 * 1024 * 1024;

/** Options common to all connections. Callers enforce time-outs by signal, so undici's are disabled. */
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
