import type { AddressInfo } from 'node:net';
import { fastify, type FastifyInstance } from 'fastify';
import { clientAddressBehind, queueShards, redisServers, type Config } from '@parley/config';
import { QueueViews } from '@parley/queues';
import { connectRedis, RedisAwayError } from '@parley/redis/connection';
import {
  createProcessRegistry,
  createRedisMetric,
  readinessReport,
  readinessStatusCode,
  redisErrorReason,
  RedisHealth,
  startMetricsServer,
  type Logger,
} from '@parley/telemetry';
import { newLoginAttempts, operatorLogin, readerLogin, requireLogin } from './access.ts';
import { boardPrefix, createBoard } from './board.ts';
import { OverviewReader } from './overview/overview-reader.ts';
import { overviewRoutes } from './overview-page/overview-routes.ts';
import { queueProbe } from './queue-probe.ts';
import { securityHeaders } from './security-headers.ts';

const defaultPort = 8790;
/** Timeout of a page that waits for Redis. */
const pageTimeoutMs = 5000;

export interface RunningDashboard {
  /** The URL of the board, such as `http://127.0.0.1:8790/`. */
  readonly url: string;
  readonly metricsUrl: string;
  /** Stops serving and closes the connection to Redis. Idempotent. */
  close(): Promise<void>;
}

/**
 * Serves the overview, a read-only Bull Board for all queues, one for operators if they have a key, and `/healthz`. It starts and
 * stays up without Redis; the overview then says so, and `/readyz` and requests for queue data reply with 503.
 *
 * @throws ConfigError if the board would be open to others without a key of its own
 */
export async function startDashboard(config: Config, logger: Logger): Promise<RunningDashboard> {
  const login = readerLogin(config);
  const operators = operatorLogin(config);
  await using opened = new AsyncDisposableStack();
  const redis = connectRedis(redisServers(config), {
    name: 'parley-dashboard',
    onError: (error) => health.noticed(error),
  });
  opened.defer(() => redis.disconnect());
  // All queues repeat the errors of the connection, which reports them itself.
  const queues = new QueueViews(redis, queueShards(config), () => undefined);
  opened.defer(() => queues.close());
  const isConnected = (): boolean => redis.status === 'ready';
  const health = opened.use(new RedisHealth({ probe: queueProbe(redis, queues), isConnected, logger }));

  // A page doesn't wait for a connection that is known to be down.
  const checkRedis = async (): Promise<string> =>
    isConnected() ? await health.check() : redisErrorReason(new RedisAwayError());

  const server = fastify({ handlerTimeout: pageTimeoutMs, forceCloseConnections: true });
  opened.defer(() => server.close());
  server.addHook('onRequest', async (_request, reply) => void reply.headers(securityHeaders));
  server.get('/healthz', () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    const report = readinessReport({ redis: await health.check() });
    return reply.header('cache-control', 'no-store').code(readinessStatusCode(report)).send(report);
  });
  const reader = new OverviewReader({
    redis,
    queues,
    checkRedis,
    onError: (error) => logger.warn({ err: error }, 'reading the overview failed'),
  });
  const clientAddress = clientAddressBehind(config.TRUSTED_PROXIES ?? []);
  const watch = { attempts: newLoginAttempts(), clientAddress, logger };
  await server.register(async (scope) => {
    await requireLogin(scope, login, watch);
    await scope.register(overviewRoutes(reader, { hasOperator: operators !== undefined }));
    await scope.register(createBoard(queues, 'reader', checkRedis, logger));
  });
  if (operators !== undefined) {
    const board = async (scope: FastifyInstance): Promise<void> => {
      await requireLogin(scope, operators, watch);
      await scope.register(createBoard(queues, 'operator', checkRedis, logger));
    };
    await server.register(board, { prefix: boardPrefix.operator });
  }
  const registry = createProcessRegistry();
  createRedisMetric(registry, 'dashboard', health);
  const { metricsUrl } = opened.adopt(
    await startMetricsServer({ process: 'dashboard', config, metrics: () => registry.metrics(), logger }),
    (metrics) => metrics.close(),
  );
  await server.listen({ host: config.HOST, port: config.PORT ?? defaultPort });

  const url = urlOf(server.server.address() as AddressInfo);
  logger.info({ url, login: login.kind, hasOperator: operators !== undefined }, 'listening');
  const resources = opened.move();
  let closed: Promise<void> | undefined;
  return { url, metricsUrl, close: () => (closed ??= resources.disposeAsync()) };
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/`;
}
