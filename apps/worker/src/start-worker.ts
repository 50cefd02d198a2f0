import { engineCertificates, redisUrl, type Config } from '@parley/config';
import { configureLanes, LaneProducer, LaneViews } from '@parley/lanes';
import { connectRedis, Deadlines, JoinCodes, PendingStore, SessionVisits, untilReady } from '@parley/state';
import {
  createLaneMetrics,
  createProcessRegistry,
  mergeMetrics,
  type LaneDepth,
  type Logger,
  type MetricsSnapshot,
} from '@parley/telemetry';
import { startConsumer } from './consumer/consumer.ts';
import { startHealthServer } from './health-server.ts';
import { newTurnCell, StalledTurn } from './supervisor/stalled-turn.ts';
import { Sweeper } from './sweeper/sweeper.ts';
import { ThreadGroup } from './supervisor/thread-group.ts';

/** How long Redis may take to be there when the worker starts. */
const redisTimeoutMs = 30_000;
/** The part of `SHUTDOWN_TIMEOUT_MS` in which finals may be finished; in the rest they are put back for others. */
const finishShare = 0.8;

/** What consumes the lanes: threads, or with `WORKER_THREADS=0` this very one. */
interface Consumers {
  isReady(): boolean;
  metrics(): Promise<MetricsSnapshot[]>;
  close(timeoutMs: number): Promise<void>;
}

/**
 * Starts one worker: consumers of both lanes, and an address for health and metrics. Nothing stays open where it
 * rejects.
 *
 * @throws ConfigError where a file that it names is of no use, RedisUnreachableError after 30 s, ThreadStartError, or the error of `listen` where the port is taken
 */
export async function startWorker(config: Config, logger: Logger): Promise<{ url: string; close(): Promise<void> }> {
  // Each thread reads them; here their error is that of the process.
  engineCertificates(config);
  await using opened = new AsyncDisposableStack();
  const onError = (error: Error): void => logger.warn({ err: error }, 'a Redis connection has trouble');
  const redis = opened.adopt(connectRedis(redisUrl(config), { onError }), (connection) => connection.disconnect());
  await untilReady(redis, redisTimeoutMs);
  await configureLanes(redis);
  const views = opened.adopt(new LaneViews(redis, onError), (lanes) => lanes.close());
  const registry = createProcessRegistry();
  createLaneMetrics(registry, () => laneDepths(views));

  let closing: Promise<void> | undefined;
  const consumers = opened.adopt(await startConsumers(config, logger), (all) =>
    all.close(config.SHUTDOWN_TIMEOUT_MS * finishShare),
  );
  const health = opened.adopt(
    await startHealthServer({
      host: config.HOST,
      port: config.HEALTH_PORT,
      isReady: () => closing === undefined && redis.status === 'ready' && consumers.isReady(),
      metrics: async () => mergeMetrics([...(await consumers.metrics()), await registry.getMetricsAsJSON()]).metrics(),
    }),
    (server) => server.close(),
  );

  const lanes = opened.adopt(new LaneProducer(redis, onError), (producer) => producer.close());
  opened.use(
    new Sweeper({
      deadlines: new Deadlines(redis),
      visits: new SessionVisits(redis),
      pending: new PendingStore(redis),
      joinCodes: new JoinCodes(redis),
      lanes,
      logger,
    }),
  );

  const rest = opened.move();
  return {
    url: health.url,
    close: () => (closing ??= rest.disposeAsync()),
  };
}

async function laneDepths(views: LaneViews): Promise<LaneDepth[]> {
  const depths = await Promise.all(
    (['partial', 'final'] as const).map(async (lane) =>
      Object.entries(await views.depth(lane)).map(([state, jobs]) => ({ lane, state, jobs })),
    ),
  );
  return depths.flat();
}

async function startConsumers(config: Config, logger: Logger): Promise<Consumers> {
  if (config.WORKER_THREADS > 0) {
    const group = await ThreadGroup.start(config, logger);
    return {
      isReady: () => group.size > 0,
      metrics: () => group.metrics(),
      close: (timeoutMs) => group.close(timeoutMs),
    };
  }
  const consumer = await startConsumer(config, logger, new StalledTurn({ cell: newTurnCell(), owner: 1 }));
  return {
    isReady: () => true,
    metrics: async () => [await consumer.metrics.getMetricsAsJSON()],
    close: (timeoutMs) => consumer.close(AbortSignal.timeout(timeoutMs)),
  };
}
