import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { TlsFiles } from './tls-files.ts';

/** Longer than proxies keep idle connections, so that none sends a request on one that is being closed. */
const keepAliveTimeoutMs = 72_000;
/** The largest head of an HTTP request; a key or a token needs less than 1 KiB. */
const maxHeaderBytes = 16 * 1024;

export interface HttpServerOptions {
  /** Unset: plain HTTP. */
  readonly tls: Pick<TlsFiles, 'current' | 'watch'> | undefined;
  /** Timeout for receiving a request, from its first byte to its last, and for the TLS handshake. */
  readonly requestTimeoutMs: number;
}

/** Creates the HTTP server of an edge, with or without TLS. */
export function createHttpServer(onRequest: RequestListener, { tls, requestTimeoutMs }: HttpServerOptions): Server {
  const options = {
    // Offers to upgrade to another protocol (curl's `h2c`) are ignored: the request is served as plain HTTP.
    shouldUpgradeCallback: ({ headers }: { headers: NodeJS.Dict<string | string[]> }): boolean =>
      String(headers['upgrade']).toLowerCase() === 'websocket',
    headersTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionsCheckingInterval: requestTimeoutMs / 5,
    maxHeaderSize: maxHeaderBytes,
  };
  if (tls === undefined) return createServer(options, onRequest);
  const server = createTlsServer({ ...options, ...tls.current, handshakeTimeout: requestTimeoutMs }, onRequest);
  tls.watch(server);
  return server;
}
