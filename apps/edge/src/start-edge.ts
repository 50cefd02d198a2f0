import { setTimeout as delay } from 'node:timers/promises';
import { addressMatcher, clientAddressBehind, queueShards, redisServers, type Config } from '@parley/config';
import { QueueProducer, probeQueues } from '@parley/queues';
import { AccessChanges, SharedKeyStore } from '@parley/redis/access';
import { ApiKeyStore } from '@parley/redis/api-key';
import { SessionChannels } from '@parley/redis/channel';
import { connectRedis, moveSubscriber, RedisProbe, watchServer, watchSettings } from '@parley/redis/connection';
import { ProcessStatusStore, StatusReporter } from '@parley/redis/process-status';
import { ReplicaAcknowledgements } from '@parley/redis/replication';
import { ListeningOffers, SessionErasure } from '@parley/redis/session';
import { CurrentTenantSettings, TenantSettingsStore } from '@parley/redis/tenant-settings';
import { TranscriptStore } from '@parley/redis/transcript';
import {
  createEdgeMetrics,
  createProcessRegistry,
  createRedisMetric,
  EventLoopLoad,
  redisErrorReason,
  RedisHealth,
  startMetricsServer,
  startTracing,
  type Logger,
} from '@parley/telemetry';
import { AccessChecks } from './access/access-checks.ts';
import { proxiedReason } from './access/decide-access.ts';
import { EdgeAccess } from './access/edge-access.ts';
import { StoredKeys } from './access/stored-keys.ts';
import type { EdgeDependencies } from './core/dependencies.ts';
import { EdgeCore } from './core/edge-core.ts';
import { createDependencies } from './create-dependencies.ts';
import { EventStreams } from './event-stream/event-streams.ts';
import { EdgeHttpApi } from './http-api/edge-http-api.ts';
import { JoinAttempts } from './limits/join-attempts.ts';
import { RefusalLog } from './refusals/refusal-log.ts';
import { SessionMaintenance } from './sessions/session-maintenance.ts';
import { EdgeServer } from './server/edge-server.ts';
import { HttpConnections } from './server/http-connections.ts';
import { TlsFiles } from './server/tls-files.ts';
import { edgeStatusReader } from './status/edge-status.ts';

const defaultPort = 8787;
/** Maximum time that a client's message waits for Redis; then the client is asked to send it again. */
const redisTimeoutMs = 5000;
/** For each address. */
const maxUnknownKeysPerMinute = 20;
/** How long the start waits for keys and settings of Redis; without Redis, clients can do nothing anyway. */
const firstAccessReadMs = 1000;

/**
 * Starts an edge: sockets, health checks and the page on one port, metrics on another one. Resolves when it serves clients. Rejects
 * if the port is taken; nothing stays open then.
 *
 * @throws ConfigError for an unusable certificate, PortTakenError
 * @param options.pagesFolder the folder whose files are served at `/`
 */
export async function startEdge(
  config: Config,
  logger: Logger,
  options: { pagesFolder?: string } = {},
): Promise<{ url: string; metricsUrl: string; close(): Promise<void> }> {
  await using opened = new AsyncDisposableStack();
  const tls = opened.use(TlsFiles.open({ config, logger }));
  opened.use(await startTracing(config, 'parley-edge', logger));
  const onError = (error: Error): void => {
    logger.warn({ err: error, reason: redisErrorReason(error) }, 'Redis connection failed');
    redisHealth.noticed(error);
  };
  const [servers, shards] = [redisServers(config), queueShards(config)];
  const connect = () =>
    opened.adopt(connectRedis(servers, { onError, commandTimeoutMs: redisTimeoutMs }), (connection) =>
      connection.disconnect(),
    );
  const redis = connect();
  const listening = connect();
  watchSettings(redis, ({ problem, remedy }, server) => {
    logger.warn({ server, problem, remedy }, 'Redis is not set up as recommended');
  });
  const channels = new SessionChannels(listening);
  const sessionProbe = new RedisProbe({ redis, listening });
  const redisHealth = opened.use(
    new RedisHealth({
      probe: async () => {
        await Promise.all([sessionProbe.run(), probeQueues(redis, { takes: false })]);
      },
      isConnected: () => redis.status === 'ready',
      onRecovered: () => void channels.renew(),
      logger,
    }),
  );
  const queues = opened.adopt(new QueueProducer(redis, shards, onError), (producer) => producer.close());
  const registry = createProcessRegistry();
  const metrics = createEdgeMetrics(registry);
  createRedisMetric(registry, 'edge', redisHealth);
  const { metricsUrl } = opened.adopt(
    await startMetricsServer({ process: 'edge', config, metrics: () => registry.metrics(), logger }),
    (server) => server.close(),
  );
  const refusals = opened.use(new RefusalLog({ metrics, logger }));
  const access = opened.use(await EdgeAccess.open(config, new SharedKeyStore(redis), logger));

  const settings = new CurrentTenantSettings(new TenantSettingsStore(redis), () => deps.tenants.renew());
  const replicas = opened.use(
    new ReplicaAcknowledgements({ servers, redis, replicas: config.ACCEPT_WAIT_REPLICAS, onError }),
  );
  const isKeyRevoked = (keyId: string | undefined): boolean => storedKeys.isRevoked(keyId);
  // Its leases are released after the core, whose sockets and sessions still need them.
  const deps: EdgeDependencies = createDependencies(
    { config, redis, shards, channels, queues, replicas, settings, isKeyRevoked, metrics, refusals, logger },
    opened,
  );
  const storedKeys: StoredKeys = new StoredKeys({
    store: new ApiKeyStore(redis),
    attempts: new JoinAttempts(maxUnknownKeysPerMinute, Date.now),
    inUse: () => core.keyIds(),
    onRevoked: (ids) => core.closeRevoked(ids),
    now: Date.now,
  });
  const core = opened.use(new EdgeCore(deps));
  const accessChanges = opened.use(
    new AccessChanges({
      redis,
      listening,
      readers: { keys: () => storedKeys.refresh(), tenants: () => settings.refresh() },
    }),
  );
  opened.use(
    new EventLoopLoad((utilization) => {
      deps.readingShares.adapt(utilization, performance.now());
      deps.arrivals.adapt(utilization);
    }),
  );
  const maintenance = opened.use(new SessionMaintenance(deps));
  watchServer(redis, () => {
    logger.warn('connected to a different Redis server; asking clients to resync');
    moveSubscriber(listening);
    maintenance.renewAll();
    core.resync();
  });
  // Released after the server: closed sockets still release their sessions.
  opened.defer(() => core.drained());
  const trustedProxies = config.TRUSTED_PROXIES ?? [];
  const clientAddress = clientAddressBehind(trustedProxies);
  const connections = new HttpConnections({
    maxConnections: config.MAX_HTTP_CONNECTIONS,
    maxPerAddress: config.MAX_HTTP_CONNECTIONS_PER_ADDRESS,
    isProxy: addressMatcher(trustedProxies),
    refusals,
  });
  const checks = new AccessChecks({ ...deps, access, storedKeys });
  await Promise.race([accessChanges.check(), delay(firstAccessReadMs, undefined, { ref: false })]);
  const server = opened.use(
    await EdgeServer.start({
      host: config.HOST,
      port: config.PORT ?? defaultPort,
      maxFrameBytes: config.MAX_FRAME_BYTES,
      buffers: deps.buffers,
      tls,
      connections,
      access: checks.forSocket,
      clientAddress,
      refuse: (headers) => (access.isKeyless ? proxiedReason(headers) : undefined),
      opened: core.opened,
      refusals,
      api: new EdgeHttpApi({
        ...deps,
        access: checks.byKeyOrToken,
        policy: () => access.policy,
        join: checks.byJoinCode,
        offers: new ListeningOffers(redis),
        clientAddress,
        streams: new EventStreams({ opened: core.opened }),
        connections,
        erasure: new SessionErasure(redis),
        transcripts: new TranscriptStore(redis),
        now: Date.now,
      }),
      checkRedis: () => redisHealth.check(),
      pagesFolder: options.pagesFolder,
      logger,
    }),
  );
  opened.use(
    new StatusReporter({
      store: new ProcessStatusStore(redis),
      process: deps.edge,
      read: edgeStatusReader(registry, deps.served),
      isRedisReady: deps.isRedisReady,
      onError: (error) => logger.warn({ err: error }, 'reporting the status of this process failed; retrying'),
    }),
  );
  const rest = opened.move();
  let closing: Promise<void> | undefined;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${urlHost(config.HOST)}:${server.port}`,
    metricsUrl,
    close: () => (closing ??= rest.disposeAsync()),
  };
}

/** The host part of the edge's URL for the address that it is bound to. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
