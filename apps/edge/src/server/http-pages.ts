import type { IncomingHttpHeaders } from 'node:http';
import fastifyStatic from '@fastify/static';
import type { ClientAddress } from '@parley/config';
import { streamPath } from '@parley/protocol';
import { readinessStatusCode, type Logger, type ReadinessReport } from '@parley/telemetry';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { clientError, errorBody, HttpError, sendError } from '../http-api/http-error.ts';
import type { Refusals } from '../refusals/refusal-log.ts';

export interface HttpPagesOptions {
  readonly readiness: () => Promise<ReadinessReport>;
  /** The folder whose files are served at `/`; no files are served if it doesn't exist. */
  readonly pagesFolder?: string | undefined;
  /** Why a request is limited to the unlimited paths; `undefined` if it is not. */
  readonly refuse: (headers: IncomingHttpHeaders) => string | undefined;
  readonly clientAddress: ClientAddress;
  readonly refusals: Refusals;
  readonly logger: Logger;
}

/** Health checks are accessible from anywhere; the WebSocket endpoint checks access itself. */
const unlimitedPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz', streamPath]);

const notFoundPage = '/not-found.html';

/** The page loads and runs only its own resources, can't be framed, and sends no referrer. */
const securityHeaders = {
  'content-security-policy':
    "default-src 'self'; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** Answers a request whose path can't be decoded, which reaches no route. */
export function refuseMalformedPath(error: FastifyError, { url }: FastifyRequest, reply: FastifyReply): void {
  const problem = url.startsWith('/v1/') ? clientError(error) : undefined;
  reply.headers(securityHeaders);
  if (problem !== undefined) sendError(reply, problem);
  else void reply.send(error);
}

/** Adds everything that the edge serves over plain HTTP. */
export function addHttpPages(app: FastifyInstance, options: HttpPagesOptions): void {
  const { readiness, pagesFolder, refuse, clientAddress, refusals, logger } = options;
  const hasPages = pagesFolder !== undefined;
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    const message = unlimitedPaths.has(request.routeOptions.url ?? '') ? undefined : refuse(request.headers);
    if (message === undefined) return;
    refusals.record('proxy', { address: clientAddress(request.socket.remoteAddress ?? '', request.headers) });
    const body = request.url.startsWith('/v1/')
      ? errorBody(new HttpError('forbidden', message))
      : { statusCode: 403, error: 'Forbidden', message };
    await reply.code(403).send(body);
  });
  // The static files, which are a wildcard, pass on what isn't there.
  app.setNotFoundHandler(({ method, url, headers }, reply) => {
    const path = url.split('?', 1)[0] ?? '';
    const message = `${method} ${path} does not exist`;
    if (path.startsWith('/v1/')) return sendError(reply, new HttpError('not-found', message));
    // Only browsers that open a page ask for HTML, and only their users read it.
    const isForReaders = hasPages && headers.accept?.includes('text/html') === true && path !== notFoundPage;
    return isForReaders
      ? reply.code(404).sendFile(notFoundPage.slice(1))
      : reply.code(404).send({ statusCode: 404, error: 'Not Found', message });
  });
  app.setErrorHandler((error: { statusCode?: number; code?: string }, _request, reply) => {
    // The static files' reply to `//`, as in `//v1/sessions`, would read as if a key was refused.
    if (error.code === 'FST_STATIC_FORBIDDEN_PATH') {
      reply.callNotFound();
      return reply;
    }
    if (error.statusCode !== undefined && error.statusCode < 500) return reply.send(error);
    logger.error({ err: error }, 'handling an HTTP request failed');
    return reply
      .code(500)
      .send({ statusCode: 500, error: 'Internal Server Error', message: 'see the log of the edge' });
  });

  app.get('/healthz', (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const report = await readiness();
    return reply.header('cache-control', 'no-store').code(readinessStatusCode(report)).send(report);
  });
  if (pagesFolder === undefined) return;
  app.register(fastifyStatic, { root: pagesFolder });
  // Without a code, the page asks for it. Some programs add a slash to a link.
  for (const path of ['/listen', '/listen/:joinCode', '/listen/:joinCode/'])
    app.get(path, (_request, reply) => reply.sendFile('listen.html'));
}
