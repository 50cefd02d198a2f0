import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import type { Config } from '@parley/config';
import { QueueViews } from '@parley/queues';
import { readinessReport, readinessStatusCode, RedisHealth, type Logger } from '@parley/telemetry';
import { loginFor, requireLogin } from './access.ts';
import { createBoard } from './board.ts';
import { queueProbe, openRedis } from './redis-connection.ts';

const defaultPort = 8790;
/** No page waits longer than this for an answer from Redis. */
const answerTimeoutMs = 5000;

export interface RunningDashboard {
  /** Where the board is, such as `http://127.0.0.1:8790/`. */
  readonly url: string;
  /** Stops serving and closes the connection to Redis. May be called more than once. */
  close(): Promise<void>;
}

/**
 * Serves Bull Board for both queues, read-only, and `/healthz`. It starts and stays up without Redis: `/readyz` then says
 * 503 and why, and so does every look into the queues until Redis is back.
 *
 * @throws ConfigError where the board would be open to other machines without a key
 */
export async function startDashboard(config: Config, logger: Logger): Promise<RunningDashboard> {
  const login = loginFor(config);
  await using opened = new AsyncDisposableStack();
  const redis = openRedis(config, (error) => health.noticed(error));
  opened.defer(() => redis.disconnect());
  // Every queue repeats the errors of the connection, which reports them once itself.
  const queues = new QueueViews(redis, () => undefined);
  opened.defer(() => queues.close());
  const isConnected = (): boolean => redis.status === 'ready';
  const health = opened.use(new RedisHealth({ probe: queueProbe(redis, queues), isConnected, logger }));

  const server = fastify({ handlerTimeout: answerTimeoutMs, forceCloseConnections: true });
  opened.defer(() => server.close());
  server.get('/healthz', () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    const report = readinessReport({ redis: await health.check() });
    return reply.header('cache-control', 'no-store').code(readinessStatusCode(report)).send(report);
  });
  await server.register(async (scope) => {
    await requireLogin(scope, login);
    await scope.register(createBoard(queues, isConnected, logger));
  });
  await server.listen({ host: config.HOST, port: config.PORT ?? defaultPort });

  const url = urlOf(server.server.address() as AddressInfo);
  logger.info({ url, login: login.kind }, 'listening');
  const resources = opened.move();
  let closed: Promise<void> | undefined;
  return { url, close: () => (closed ??= resources.disposeAsync()) };
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/`;
}
