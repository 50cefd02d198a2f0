import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance } from 'fastify';
import type { QueueKind, QueueViews } from '@parley/queues';
import type { Logger } from '@parley/telemetry';

/** The board's styles are partly inline; the web font that it asks for elsewhere stays away: nothing leaves this host. */
const contentSecurityPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/**
 * Bull Board on both queues, as a fastify plugin. It is read-only: a job carries no work of its own, so adding or editing one
 * by hand could only do harm.
 *
 * @param reachable whether Redis can be asked now; while it can't, looks into the queues are answered with 503 at once
 */
export function createBoard(queues: QueueViews, reachable: () => boolean, logger: Logger) {
  const adapter = new FastifyAdapter();
  createBullBoard({
    queues: [adapterOf(queues, 'partial'), adapterOf(queues, 'final')],
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Parley', hideDocsLink: true, overview: { groupByDelimiter: false } } },
  });
  return async (scope: FastifyInstance): Promise<void> => {
    scope.addHook('onRequest', async (request, reply) => {
      reply.headers({ 'content-security-policy': contentSecurityPolicy, 'referrer-policy': 'no-referrer' });
      if (!request.url.startsWith('/api/') || reachable()) return;
      await reply.code(503).send({ error: 'Redis cannot be reached at the moment.' });
    });
    scope.addHook('onError', async (request, reply, error) => {
      if (reply.statusCode >= 500) logger.warn({ err: error, route: request.routeOptions.url }, 'request failed');
    });
    await scope.register(adapter.registerPlugin());
  };
}

function adapterOf(queues: QueueViews, kind: QueueKind): BullMQAdapter {
  return new BullMQAdapter(queues.queues[kind], { displayName: `${kind}s`, readOnlyMode: true });
}
