import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { FastifyInstance } from 'fastify';
import type { Certificate } from './certificate.ts';

/** The default of fastify for plain HTTP. */
const keepAliveTimeoutMs = 72_000;

/**
 * The number of streams that a client may abort at once and per second. By default Node.js closes a session above 33 per
 * second, as a protection against attacks; hosted APIs tolerate more.
 */
const streamResets = { streamResetBurst: 100_000, streamResetRate: 10_000 };

/** Creates a TLS server for the app's routes, not listening yet: HTTP/2, or HTTP/1.1 for clients without it. */
export function createTlsServer(app: FastifyInstance, { certificate, privateKey }: Certificate): Http2SecureServer {
  const server = createSecureServer({ key: privateKey, cert: certificate, allowHTTP1: true, ...streamResets });
  // The types lack two effects of `allowHTTP1`: the keep-alive timeout of HTTP/1.1, and HTTP/2 requests with the
  // interface of HTTP/1.1.
  Object.assign(server, { keepAliveTimeout: keepAliveTimeoutMs });
  server.on('request', (request: unknown, reply: unknown) => {
    app.routing(request as IncomingMessage, reply as ServerResponse);
  });
  return server;
}
