import type { IncomingHttpHeaders } from 'node:http';
import fastifyStatic from '@fastify/static';
import { streamPath } from '@parley/protocol';
import { errorFields, readinessStatusCode, type Logger, type ReadinessReport } from '@parley/telemetry';
import type { FastifyInstance } from 'fastify';

export interface HttpPagesOptions {
  readonly readiness: () => Promise<ReadinessReport>;
  /** What `/metrics` shows, in the text format of Prometheus. */
  readonly metrics: { readonly contentType: string; metrics(): Promise<string> };
  /** The folder whose files are served at `/`; one that isn't there has none. */
  readonly pagesFolder?: string | undefined;
  /** Why a request may see nothing but the health of the edge; `undefined` where it may. */
  readonly refuse: (headers: IncomingHttpHeaders) => string | undefined;
  readonly logger: Logger;
}

/** Whoever runs the edge looks at these, from wherever. */
const healthPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/** Nothing from elsewhere runs or loads in the page, nobody frames it, and it tells nobody where it was. */
const securityHeaders = {
  'content-security-policy':
    "default-src 'self'; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** Everything that the edge serves over plain HTTP. */
export function addHttpPages(app: FastifyInstance, options: HttpPagesOptions): void {
  const { readiness, metrics, pagesFolder, refuse, logger } = options;
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    const message = healthPaths.has(request.routeOptions.url ?? '') ? undefined : refuse(request.headers);
    if (message !== undefined) await reply.code(403).send({ statusCode: 403, error: 'Forbidden', message });
  });
  app.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    if (error.statusCode !== undefined && error.statusCode < 500) return reply.send(error);
    logger.error(errorFields(error), 'an HTTP request failed');
    return reply
      .code(500)
      .send({ statusCode: 500, error: 'Internal Server Error', message: 'see the log of the edge' });
  });

  app.get('/healthz', (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const report = await readiness();
    return reply.header('cache-control', 'no-store').code(readinessStatusCode(report)).send(report);
  });
  app.get('/metrics', async (_request, reply) => {
    const page = await metrics.metrics();
    return reply.header('cache-control', 'no-store').type(metrics.contentType).send(page);
  });
  app.get(streamPath, (_request, reply) =>
    reply.code(426).header('upgrade', 'websocket').send({
      statusCode: 426,
      error: 'Upgrade Required',
      message: 'open a WebSocket here',
    }),
  );
  if (pagesFolder !== undefined) app.register(fastifyStatic, { root: pagesFolder });
}
