import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { buildConnector, type Client } from 'undici';
import type { ConnectionPoolOptions } from './connection-pool.ts';

/** When the system begins to ask a silent peer whether it is there; libuv lets it ask 10 times, once a second. */
const tcpKeepAliveMs = 10_000;

/** Opens sockets, and knows what was opened. */
export interface CountingConnector {
  readonly connect: buildConnector.connector;
  /** Connections opened so far. */
  readonly opened: number;
  /** Whether the newest connection carries many requests at once. */
  readonly multiplexed: boolean;
}

/** undici's own connector, which asks for HTTP/2 before HTTP/1.1 and counts what it opens. */
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

/** Made once: reading all the well-known certificates for each connection would take longer than connecting. */
function trusting(certificateAuthority: string): SecureContext {
  return createSecureContext({ ca: [...getCACertificates('default'), certificateAuthority] });
}

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

/** What every connection has in common. SessionSchedule are the caller's, by signal, so undici keeps none of its own. */
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
