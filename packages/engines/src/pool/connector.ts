import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { buildConnector } from 'undici';
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
