import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance } from 'fastify';
import { queueKinds, type QueueViews } from '@parley/queues';
import type { Logger } from '@parley/telemetry';

/**
 * Bull Board for the queues of all shards as a Fastify plugin. It is read-only: jobs contain no work of their own, so editing
 * them can only do harm.
 *
 * @param checkRedis whether Redis can be used: `ok` or the reason why not, with which API requests get HTTP 503
 */
export function createBoard(queues: QueueViews, checkRedis: () => Promise<string>, logger: Logger) {
  const adapter = new FastifyAdapter();
  createBullBoard({
    queues: queues.shards.flatMap((shard, number) =>
      queueKinds.map((kind) => adapterOf(shard[kind], `${kind}s`, number)),
    ),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Parley', hideDocsLink: true, overview: { groupByDelimiter: false } } },
  });
  return async (scope: FastifyInstance): Promise<void> => {
    scope.addHook('onRequest', async (request, reply) => {
      if (!request.url.startsWith('/api/')) return;
      const status = await checkRedis();
      if (status !== 'ok') await reply.code(503).send({ error: status });
    });
    scope.addHook('onError', async (request, reply, error) => {
      if (reply.statusCode >= 500)
        logger.warn({ err: error, route: request.routeOptions.url }, 'handling a dashboard request failed');
    });
    await scope.register(adapter.registerPlugin());
  };
}

type BoardQueue = ConstructorParameters<typeof BullMQAdapter>[0];

function adapterOf(queue: BoardQueue, name: string, shard: number): BullMQAdapter {
  return new BullMQAdapter(queue, { displayName: shard === 0 ? name : `${name} ${shard}`, readOnlyMode: true });
}
