import type { FastifyInstance } from 'fastify';
import type { EngineParts } from '../engine-parts.ts';

/** `GET /healthz`: 200 while the process is alive. `GET /readyz`: 200 if it can translate, otherwise 503. */
export function health(app: FastifyInstance, { translator }: Pick<EngineParts, 'translator'>): void {
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', (_request, reply) =>
    translator.ready ? { status: 'ready' } : reply.code(503).send({ status: 'unavailable' }),
  );
}
