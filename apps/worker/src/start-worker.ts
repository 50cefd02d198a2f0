import { setTimeout as delay } from 'node:timers/promises';
import { engineCertificates, engineEndpoints, queueShards, redisServers, type Config } from '@parley/config';
import { configureQueues, queueKinds, QueueProducer, QueueViews, probeQueues } from '@parley/queues';
import { connectRedis, RedisProbe, uniqueName, watchSettings } from '@parley/redis/connection';
import { PendingStore } from '@parley/redis/pending';
import { ProcessStatusStore, StatusReporter } from '@parley/redis/process-status';
import { SessionSchedule, SessionInspection } from '@parley/redis/schedule';
import { RoomStore } from '@parley/redis/room';
import { CacheErasures, EndedSessions, JoinCodes, SessionCode } from '@parley/redis/session';
import {
  createEndpointUsabilityMetric,
  createQueueAgeMetric,
  createQueueMetrics,
  createProcessRegistry,
  createRedisMetric,
  createThreadMetrics,
  createWebhookMetrics,
  healthPages,
  mergeMetrics,
  readinessReport,
  redisErrorReason,
  RedisHealth,
  startMetricsServer,
  startPageServer,
  type QueueAge,
  type QueueDepth,
  type Logger,
  type MetricsRegistry,
  type MetricsSnapshot,
} from '@parley/telemetry';
import { EngineHealth } from './engine/engine-health.ts';
import { newMutexCell, PoisonJobMutex } from './supervisor/poison-job-mutex.ts';
import { WorkerStatusReader } from './status/worker-status-reader.ts';
import { newActivityCells, ThreadActivity } from './supervisor/thread-activity.ts';
import { openCacheErasure } from './sweeper/cache-erasure.ts';
import { reportSessionEnd } from './sweeper/report-session-end.ts';
import { Sweeper } from './sweeper/sweeper.ts';
import { Webhook, type WebhookOptions } from './webhook/webhook.ts';
import { ThreadGroup, type ThreadSnapshot } from './supervisor/thread-group.ts';

/** Interval of Redis checks while Redis is not usable. */
const redisRetryMs = 1000;
/** Share of `SHUTDOWN_TIMEOUT_MS` for finishing finals; in the rest, unfinished ones are requeued. */
const finishShare = 0.8;

/** The consumers of the queues: threads or, with `WORKER_THREADS=0`, the main thread. */
interface Consumers {
  isReady(): boolean;
  metrics(): Promise<MetricsSnapshot[]>;
  /** The metrics of each thread; those of the main thread as number 1. */
  snapshots(): Promise<ThreadSnapshot[]>;
  readonly replaced: number;
  close(timeoutMs: number): Promise<void>;
}

/**
 * Starts a worker: HTTP servers for health and metrics and, once Redis is usable, consumers of all queues. Closes
 * everything if it rejects.
 *
 * @param stop aborts the wait for Redis; the result rejects with the reason of this signal
 * @throws ConfigError for an unusable file, ThreadStartError, or the error of `listen` if the port is in use
 */
export async function startWorker(
  config: Config,
  logger: Logger,
  stop: AbortSignal,
): Promise<{ url: string; metricsUrl: string; close(): Promise<void> }> {
  // Also read by each thread; an error must be that of the process.
  engineCertificates(config);
  await using opened = new AsyncDisposableStack();
  const onError = (error: Error): void => {
    logger.warn({ err: error, reason: redisErrorReason(error) }, 'Redis connection failed');
    redisHealth.noticed(error);
  };
  const [servers, shards] = [redisServers(config), queueShards(config)];
  const connect = () => opened.adopt(connectRedis(servers, { onError }), (connection) => connection.disconnect());
  const redis = connect();
  watchSettings(redis, ({ problem, remedy }, server) => {
    logger.warn({ server, problem, remedy }, 'Redis is not set up as recommended');
  });
  const sessions = new RedisProbe({ redis, listening: connect() });
  const probe = async (): Promise<void> => {
    await Promise.all([sessions.run(), probeQueues(redis, { takes: true })]);
  };
  const redisHealth = opened.use(new RedisHealth({ probe, isConnected: () => redis.status === 'ready', logger }));
  const engineHealth = opened.use(new EngineHealth(logger));
  const registry = createProcessRegistry();
  createRedisMetric(registry, 'worker', redisHealth);
  const endpoints = engineEndpoints(config).map(({ name }) => name);
  createEndpointUsabilityMetric(registry, endpoints, (endpoint) => !engineHealth.troubles.has(endpoint));

  let closing: Promise<void> | undefined;
  const started: { consumers?: Consumers } = {};
  const health = opened.adopt(
    await startPageServer({
      host: config.HOST,
      port: config.HEALTH_PORT,
      pages: healthPages(async () => {
        const isTaking = closing === undefined && started.consumers?.isReady() === true;
        const redis = await redisHealth.check();
        const needed = { redis, ...(isTaking || redis !== 'ok' ? {} : { jobs: 'no job is taken' }) };
        // Engine trouble does not affect readiness: restarting a worker does not help.
        return readinessReport(needed, { engine: engineHealth.condition });
      }),
      logger,
    }),
    (server) => server.close(),
  );
  const { metricsUrl } = opened.adopt(
    await startMetricsServer({
      process: 'worker',
      config,
      metrics: async () =>
        mergeMetrics([...((await started.consumers?.metrics()) ?? []), await registry.getMetricsAsJSON()]).metrics(),
      logger,
    }),
    (server) => server.close(),
  );

  while ((await redisHealth.check()) !== 'ok') {
    stop.throwIfAborted();
    await delay(redisRetryMs);
  }
  await configureQueues(redis, shards);
  const views = opened.adopt(new QueueViews(redis, shards, onError), (queues) => queues.close());
  createQueueMetrics(registry, () => queueDepths(views));
  createQueueAgeMetric(registry, () => queueAges(views));
  const queues = opened.adopt(new QueueProducer(redis, shards, onError), (producer) => producer.close());
  const surroundings = { logger, engineHealth, registry, queues };
  started.consumers = opened.adopt(await startConsumers(config, surroundings), (all) =>
    all.close(config.SHUTDOWN_TIMEOUT_MS * finishShare),
  );

  const webhook = openWebhook({ config, redis, registry, onError, logger }, opened);
  const ended = new EndedSessions(redis);
  const eraseCached = await openCacheErasure({ config, logger }, opened);
  opened.use(
    new Sweeper({
      schedule: new SessionSchedule(redis),
      inspection: new SessionInspection(redis),
      pending: new PendingStore(redis),
      joinCodes: new JoinCodes(redis, new RoomStore(redis)),
      sessionCode: new SessionCode(redis),
      cacheErasures: new CacheErasures(redis),
      queues,
      onEnded: (sessionId) => reportSessionEnd(sessionId, { ended, webhook, logger }),
      eraseCached,
      logger,
    }),
  );

  const { consumers } = started;
  const status = new WorkerStatusReader({ config, consumers, engineHealth });
  opened.use(
    new StatusReporter({
      store: new ProcessStatusStore(redis),
      process: uniqueName(),
      read: () => status.read(),
      isRedisReady: () => redis.status === 'ready',
      onError: (error) => logger.warn({ err: error }, 'reporting the status of this process failed; retrying'),
    }),
  );

  const rest = opened.move();
  return {
    url: health.url,
    metricsUrl,
    close: () => (closing ??= rest.disposeAsync()),
  };
}

/** The webhook, if there is one; it is closed with the other resources. */
function openWebhook(
  {
    config: { WEBHOOK_URL: url, WEBHOOK_SECRET: secret },
    registry,
    ...rest
  }: Pick<WebhookOptions, 'redis' | 'onError' | 'logger'> & {
    readonly config: Pick<Config, 'WEBHOOK_URL' | 'WEBHOOK_SECRET'>;
    readonly registry: MetricsRegistry;
  },
  opened: AsyncDisposableStack,
): Webhook | undefined {
  if (url === undefined || secret === undefined) return undefined;
  return opened.use(new Webhook({ url, secret, metrics: createWebhookMetrics(registry), ...rest }));
}

async function queueDepths(views: QueueViews): Promise<QueueDepth[]> {
  const depths = await Promise.all(
    queueKinds.map(async (queue) =>
      Object.entries(await views.depth(queue)).map(([state, jobs]) => ({ queue, state, jobs })),
    ),
  );
  return depths.flat();
}

async function queueAges(views: QueueViews): Promise<QueueAge[]> {
  return await Promise.all(queueKinds.map(async (queue) => ({ queue, ageMs: await views.nextJobAgeMs(queue) })));
}

interface ConsumersSurroundings {
  readonly logger: Logger;
  readonly engineHealth: EngineHealth;
  readonly registry: MetricsRegistry;
  readonly queues: QueueProducer;
}

async function startConsumers(
  config: Config,
  { logger, engineHealth, registry, queues }: ConsumersSurroundings,
): Promise<Consumers> {
  if (config.WORKER_THREADS > 0) {
    const group = await ThreadGroup.start(config, {
      logger,
      onTroubles: (thread, troubles) => engineHealth.report(thread, troubles),
      metrics: createThreadMetrics(registry),
      oldestWaiting: () => queues.oldestWaiting(),
    });
    return {
      isReady: () => group.size > 0,
      metrics: () => group.metrics(),
      snapshots: () => group.snapshots(),
      get replaced() {
        return group.replaced;
      },
      close: (timeoutMs) => group.close(timeoutMs),
    };
  }
  // Imported on demand: with threads, the main thread does not need the engine's code.
  const { startConsumer } = await import('./consumer/consumer.ts');
  const consumer = await startConsumer(config, logger, {
    poisonJobMutex: new PoisonJobMutex({ cell: newMutexCell(), owner: 1 }),
    activity: new ThreadActivity(newActivityCells()),
    onTroubles: (troubles) => engineHealth.report(1, troubles),
  });
  return {
    isReady: () => true,
    metrics: async () => [await consumer.metrics.getMetricsAsJSON()],
    snapshots: async () => [{ thread: 1, metrics: await consumer.metrics.getMetricsAsJSON() }],
    replaced: 0,
    close: (timeoutMs) => consumer.close(AbortSignal.timeout(timeoutMs)),
  };
}
