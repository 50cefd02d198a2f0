import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { FastifyInstance } from 'fastify';
import type { Certificate } from './certificate.ts';

/** As long as fastify keeps those of plain HTTP. */
const keepAliveTimeoutMs = 72_000;

/**
 * How many streams a client may abort at once, and a second. By default Node.js ends the session above 33 a second in
 * the long run, as if it were an attack; hosted APIs bear more of it.
 */
const streamResets = { streamResetBurst: 100_000, streamResetRate: 10_000 };

/** A second way to the app's routes, not listening yet: HTTP/2 over TLS, and HTTP/1.1 for clients that don't offer it. */
export function createTlsServer(app: FastifyInstance, { certificate, privateKey }: Certificate): Http2SecureServer {
  const server = createSecureServer({ key: privateKey, cert: certificate, allowHTTP1: true, ...streamResets });
  // Both are there because of `allowHTTP1`, but in no type: the HTTP/1.1 server's keep-alive, and the requests of
  // HTTP/2 in the shape of HTTP/1.1's.
  Object.assign(server, { keepAliveTimeout: keepAliveTimeoutMs });
  server.on('request', (request: unknown, reply: unknown) => {
    app.routing(request as IncomingMessage, reply as ServerResponse);
  });
  return server;
}
