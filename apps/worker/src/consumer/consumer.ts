import { queueShards, redisServers, type Config } from '@parley/config';
import { QueueProducer } from '@parley/queues';
import { AccessChanges } from '@parley/redis/access';
import { DegradedNotices } from '@parley/redis/channel';
import { connectRedis, moveSubscriber, uniqueName, watchServer } from '@parley/redis/connection';
import { CorrectionStore } from '@parley/redis/correction';
import { EngineProfileStore } from '@parley/redis/engine-profile';
import { EarlierFinals } from '@parley/redis/log';
import { PendingStore } from '@parley/redis/pending';
import { LimitPauses } from '@parley/redis/rate-limit';
import { HolderBalance, SegmentStore, WorkChannels } from '@parley/redis/segment';
import { CurrentTenantSettings, TenantSettingsStore } from '@parley/redis/tenant-settings';
import { listenForSessionEnds } from '@parley/redis/usage';
import {
  createBatchMetrics,
  createRateLimitMetrics,
  createEndpointMetrics,
  createThreadRegistry,
  createWorkerMetrics,
  redisErrorReason,
  startTracing,
  type Logger,
  type MetricsRegistry,
} from '@parley/telemetry';
import { systemClock } from '@parley/translation';
import { EngineWatch, type EngineTroubles } from '../engine/engine-watch.ts';
import { countingCalls } from '../engine/counting-calls.ts';
import { openEngine } from '../engine/open-engine.ts';
import { openLedger } from '../engine/open-ledger.ts';
import { openTranslations } from '../engine/translations.ts';
import { CallSlots } from '../partials/call-slots.ts';
import { SegmentHolder } from '../partials/segment-holder.ts';
import type { PoisonJobMutex } from '../supervisor/poison-job-mutex.ts';
import type { ThreadActivity } from '../supervisor/thread-activity.ts';
import { partialStreaming } from '../calls/decide-streaming.ts';
import { inFlightLimit } from '../calls/decide-in-flight.ts';
import { EngineLoadMeter } from '../calls/engine-load-meter.ts';
import { Heartbeat } from './heartbeat.ts';
import { maxHeldSegments } from './concurrency.ts';
import { QueueConsumers } from './queue-consumers.ts';
import { warmEngine } from './warm-engine.ts';

/** A consumer of all queues, with its own connections and engine. */
export interface Consumer {
  readonly metrics: MetricsRegistry;
  /**
   * Takes no further jobs, hands open segments over to other workers at once, and finishes the finals in progress. When
   * `signal` is aborted, these are requeued for another worker.
   */
  close(signal: AbortSignal): Promise<void>;
}

export interface ConsumerSurroundings {
  readonly poisonJobMutex: PoisonJobMutex;
  /** Counts the jobs that are taken. */
  readonly activity: ThreadActivity;
  /** Called with the unusable endpoints whenever they change. */
  readonly onTroubles: (troubles: EngineTroubles) => void;
}

/** Opens all connections, warms those of the engine, and starts consuming jobs. */
export async function startConsumer(
  config: Config,
  logger: Logger,
  { poisonJobMutex, activity, onTroubles }: ConsumerSurroundings,
): Promise<Consumer> {
  await using opened = new AsyncDisposableStack();
  opened.use(await startTracing(config, 'parley-worker', logger));
  const onError = (error: Error): void =>
    logger.warn({ err: error, reason: redisErrorReason(error) }, 'Redis connection failed');
  const servers = redisServers(config);
  const connect = () => opened.adopt(connectRedis(servers, { onError }), (connection) => connection.disconnect());
  const redis = connect();
  const listening = connect();
  watchServer(redis, () => moveSubscriber(listening));
  const thread = uniqueName();
  const registry = createThreadRegistry();
  const metrics = createWorkerMetrics(registry);
  const settings = new CurrentTenantSettings(new TenantSettingsStore(redis));
  const spending = opened.use(openLedger(config, { redis, writer: thread, settings, logger }));
  const accessChanges = opened.use(
    new AccessChanges({ redis, listening, readers: { tenants: () => settings.refresh() } }),
  );
  const watch = opened.use(new EngineWatch({ onChange: onTroubles, now: () => systemClock.now() }));
  const { engine, headroom } = await openEngine(
    config,
    {
      redis,
      pauses: new LimitPauses(listening),
      limitMetrics: createRateLimitMetrics(registry),
      endpointMetrics: createEndpointMetrics(registry),
      batchMetrics: createBatchMetrics(registry),
      spending,
      thread,
      watch,
    },
    opened,
  );
  const slots = new CallSlots({
    maxCalls: config.PARTIAL_CONCURRENCY,
    capacity: () => engine.callCapacity?.(),
    now: () => systemClock.now(),
  });
  const trySlot = () => slots.tryTake();
  const translations = await openTranslations(
    { config, engine: countingCalls(engine, slots), spending, metrics, logger, trySlot },
    opened,
  );
  const queues = opened.adopt(new QueueProducer(redis, queueShards(config), onError), (producer) => producer.close());
  const profiles = new EngineProfileStore(redis);
  const meter = new EngineLoadMeter(() => systemClock.now(), headroom);
  const notices = new DegradedNotices(redis, () => systemClock.now());
  // Before the first job, so that no budget is exceeded unnoticed.
  await accessChanges.check();
  if (config.PREWARM) await warmEngine(engine, logger);
  const [heartbeat] = await Promise.all([Heartbeat.start({ engine, profiles, logger }), watch.start()]);
  opened.use(heartbeat);

  const segments = opened.use(
    new SegmentHolder({
      segments: new SegmentStore(redis),
      channels: opened.use(new WorkChannels(listening)),
      balance: new HolderBalance(redis, thread),
      queues,
      translations,
      slots,
      maxHeld: maxHeldSegments,
      showsEarly: partialStreaming(config.PARTIAL_STREAMING, () => meter.load()),
      maxInFlight: inFlightLimit(config.PARTIAL_IN_FLIGHT, () => meter.load()),
      meter,
      notices,
      spending,
      metrics,
      logger,
    }),
  );
  await listenForSessionEnds(listening, spending);

  const consumers = await QueueConsumers.start({
    config,
    redis,
    segments,
    activity,
    final: {
      queues,
      pending: new PendingStore(redis),
      corrections: new CorrectionStore(redis),
      earlierFinals: new EarlierFinals(redis),
      translations,
      spending,
      notices,
      metrics,
      logger,
      poisonJobMutex,
      hasHeld: (sessionId, segmentId) => segments.hasHeld(sessionId, segmentId),
    },
    onError: (error) => logger.warn({ err: error }, 'consuming a queue failed; retrying'),
  });

  const rest = opened.move();
  return {
    metrics: registry,
    async close(signal) {
      await consumers.close(signal);
      await rest.disposeAsync();
    },
  };
}
