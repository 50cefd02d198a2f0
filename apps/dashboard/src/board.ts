import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance } from 'fastify';
import { queueKinds, type QueueViews } from '@parley/queues';
import type { Logger } from '@parley/telemetry';
import { isOperatorAction } from './operator-actions.ts';

/** Operators may retry and clean; others only look. */
export type Role = 'reader' | 'operator';

/** Where the board of a role is served. */
export const boardPrefix: Readonly<Record<Role, string>> = { reader: '', operator: '/operator' };

const refusals: Readonly<Record<Role, string>> = {
  reader: 'This board is read-only. Operators use /operator/ with the DASHBOARD_OPERATOR_KEY.',
  operator: 'Operators can retry failed jobs and remove jobs, nothing else.',
};

/**
 * Bull Board for the queues of all shards as a Fastify plugin, to be registered under the prefix of the role. Jobs contain no work
 * of their own, so what a role may not do is refused, whatever the board itself would allow.
 *
 * @param checkRedis whether Redis can be used: `ok` or the reason why not, with which API requests get HTTP 503
 */
export function createBoard(queues: QueueViews, role: Role, checkRedis: () => Promise<string>, logger: Logger) {
  const prefix = boardPrefix[role];
  const adapter = new FastifyAdapter().setBasePath(prefix);
  createBullBoard({
    queues: queues.shards.flatMap((shard, number) =>
      queueKinds.map((kind) => adapterOf(shard[kind], `${kind}s`, number, role)),
    ),
    serverAdapter: adapter,
    options: {
      uiConfig: {
        boardTitle: role === 'operator' ? 'Parley, operator' : 'Parley',
        hideDocsLink: true,
        miscLinks: [{ text: 'Overview', url: '/overview' }],
        overview: { groupByDelimiter: false },
      },
    },
  });
  return async (scope: FastifyInstance): Promise<void> => {
    scope.addHook('onRequest', async ({ method, url }, reply) => {
      const [path = ''] = url.slice(prefix.length).split('?', 1);
      const isRead = method === 'GET' || method === 'HEAD';
      if (!isRead && !(role === 'operator' && isOperatorAction(method, path))) {
        await reply.code(403).send({ error: refusals[role] });
        return;
      }
      if (!path.startsWith('/api/')) return;
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

function adapterOf(queue: BoardQueue, name: string, shard: number, role: Role): BullMQAdapter {
  const mayRetry = role === 'operator';
  return new BullMQAdapter(queue, {
    displayName: shard === 0 ? name : `${name} ${shard}`,
    readOnlyMode: !mayRetry,
    allowRetries: mayRetry,
  });
}
