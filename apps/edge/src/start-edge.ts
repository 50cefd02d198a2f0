import { setTimeout as delay } from 'node:timers/promises';
import { addressMatcher, clientAddressBehind, redisUrl, type Config } from '@parley/config';
import { QueueProducer, probeQueues } from '@parley/queues';
import { AccessChanges, SharedKeyStore } from '@parley/redis/access';
import { ApiKeyStore } from '@parley/redis/api-key';
import { SessionChannels } from '@parley/redis/channel';
import { connectRedis, RedisProbe, uniqueName, watchServer } from '@parley/redis/connection';
import { EngineProfileStore } from '@parley/redis/engine-profile';
import { LogReader } from '@parley/redis/log';
import { CorrectionStore } from '@parley/redis/correction';
import { PendingStore } from '@parley/redis/pending';
import { retention } from '@parley/redis/retention';
import { RoomStore } from '@parley/redis/room';
import { SessionSchedule } from '@parley/redis/schedule';
import { SegmentStore } from '@parley/redis/segment';
import {
  JoinCodes,
  ListeningOffers,
  Presence,
  Resumption,
  SessionCode,
  SessionDirectory,
  SessionErasure,
  SessionStore,
  type SessionLifetimes,
} from '@parley/redis/session';
import { TenantCredits, TenantStore } from '@parley/redis/tenant';
import { CurrentTenantSettings, TenantSettingsStore } from '@parley/redis/tenant-settings';
import { TranscriptStore } from '@parley/redis/transcript';
import { UsageLedger, UsageStore } from '@parley/redis/usage';
import {
  createEdgeMetrics,
  createProcessRegistry,
  redisErrorReason,
  RedisHealth,
  startMetricsServer,
  type Logger,
} from '@parley/telemetry';
import { proxiedReason } from './access/decide-access.ts';
import { decideJoin, type JoinRequest } from './access/decide-join.ts';
import { decideCredential, resumableForMs } from './access/decide-token.ts';
import { EdgeAccess } from './access/edge-access.ts';
import { presentedJoinCode } from './access/presented-key.ts';
import { StoredKeys } from './access/stored-keys.ts';
import type { EdgeDependencies } from './core/dependencies.ts';
import { EdgeCore } from './core/edge-core.ts';
import { LanguageSupport } from './core/language-support.ts';
import { EventStreams } from './event-stream/event-streams.ts';
import { EdgeHttpApi } from './http-api/edge-http-api.ts';
import { edgeLimits } from './limits/edge-limits.ts';
import { BufferBudget } from './limits/buffer-budget.ts';
import { JoinAttempts } from './limits/join-attempts.ts';
import { TenantLeases } from './limits/tenant-leases.ts';
import { RefusalLog } from './refusals/refusal-log.ts';
import { reportedDecision } from './refusals/reported-decision.ts';
import { ServedSessions } from './sessions/served-sessions.ts';
import { SessionMaintenance } from './sessions/session-maintenance.ts';
import { EdgeServer } from './server/edge-server.ts';
import { HttpConnections } from './server/http-connections.ts';
import { TlsFiles } from './server/tls-files.ts';
import type { AccessCheck } from './server/upgrade.ts';

const defaultPort = 8787;
/** Maximum time that a client's message waits for Redis; then the client is asked to send it again. */
const redisTimeoutMs = 5000;
/** Per address. */
const maxWrongCodesPerMinute = 20;
const maxUnknownKeysPerMinute = 20;
/** How long the start waits for keys and settings of Redis; without Redis, clients can do nothing anyway. */
const firstAccessReadMs = 1000;
const lifetimes = {
  logMaxBytes: 4 * 1024 * 1024,
  logMaxAgeMs: retention.logMs,
  endedTtlMs: retention.endedSessionMs,
} satisfies Partial<SessionLifetimes>;

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
  const onError = (error: Error): void => {
    logger.warn({ err: error, reason: redisErrorReason(error) }, 'Redis connection failed');
    redisHealth.noticed(error);
  };
  const connect = () =>
    opened.adopt(connectRedis(redisUrl(config), { onError, commandTimeoutMs: redisTimeoutMs }), (connection) =>
      connection.disconnect(),
    );
  const redis = connect();
  const listening = connect();
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
  const queues = opened.adopt(new QueueProducer(redis, onError), (producer) => producer.close());
  const profiles = new EngineProfileStore(redis);
  const registry = createProcessRegistry();
  const metrics = createEdgeMetrics(registry);
  const { metricsUrl } = opened.adopt(
    await startMetricsServer({ process: 'edge', config, metrics: () => registry.metrics(), logger }),
    (server) => server.close(),
  );
  const refusals = opened.use(new RefusalLog({ metrics, logger }));
  const access = opened.use(await EdgeAccess.open(config, new SharedKeyStore(redis), logger));

  const isRedisReady = (): boolean => redis.status === 'ready';
  const settings = new CurrentTenantSettings(new TenantSettingsStore(redis), () => tenants.renew());
  // Released after the core, whose sockets and sessions still leave it.
  const tenants = opened.use(
    new TenantLeases({
      store: new TenantStore(redis),
      maxSessions: config.MAX_SESSIONS_PER_TENANT,
      maxSockets: config.MAX_SOCKETS_PER_TENANT,
      maxListeners: config.MAX_LISTENERS_PER_TENANT,
      maxSeats: config.MAX_LISTENERS_PER_SESSION,
      settingsOf: (tenant) => settings.of(tenant),
      isRedisReady,
      logger,
    }),
  );
  const log = new LogReader(redis);
  const transcriptRetentionMs = config.TRANSCRIPT_RETENTION_MINUTES * 60_000;
  const rooms = new RoomStore(redis, { transcriptRetentionMs });
  const joinCodes = new JoinCodes(redis, rooms);
  const joinAttempts = new JoinAttempts(maxWrongCodesPerMinute, Date.now);
  const edge = uniqueName();
  const usage = opened.use(
    new UsageLedger({
      store: new UsageStore(redis),
      writer: edge,
      sessionBudgetMicros: undefined,
      tenantBudgetMicros: undefined,
      now: Date.now,
      onError: (error) => logger.warn({ err: error }, 'writing usage failed; retrying'),
      onLost: (error) => logger.error({ err: error }, 'usage record is invalid; dropping it'),
    }),
  );
  const buffers = new BufferBudget(config.MAX_BUFFERED_BYTES);
  const storedKeys: StoredKeys = new StoredKeys({
    store: new ApiKeyStore(redis),
    attempts: new JoinAttempts(maxUnknownKeysPerMinute, Date.now),
    inUse: () => core.keyIds(),
    onRevoked: (ids) => core.closeRevoked(ids),
    now: Date.now,
  });
  const deps: EdgeDependencies = {
    edge,
    usage,
    sessions: new SessionStore(redis, {
      ...lifetimes,
      graceMs: config.SESSION_GRACE_MS,
      transcriptRetentionMs,
      transcriptMaxBytes: config.TRANSCRIPT_MAX_BYTES,
      tenantTranscriptMaxBytes: config.TRANSCRIPTS_MAX_BYTES_PER_TENANT,
    }),
    resumption: new Resumption(redis),
    presence: new Presence(redis),
    joinCodes,
    sessionCode: new SessionCode(redis),
    rooms,
    directory: new SessionDirectory(redis),
    schedule: new SessionSchedule(redis),
    segments: new SegmentStore(redis),
    pending: new PendingStore(redis),
    corrections: new CorrectionStore(redis),
    log,
    channels,
    served: new ServedSessions({
      channels,
      log,
      metrics,
      logger,
      onCodeNotice: (session) => {
        session.renewLease(deps).catch((error: unknown) => {
          // The next renewal reads the code as well.
          logger.warn({ err: error, sessionId: session.sessionId }, 'reading a changed join code failed');
        });
      },
    }),
    queues,
    languages: new LanguageSupport(() => profiles.read(), Date.now),
    tenants,
    credits: new TenantCredits(redis),
    joinAttempts,
    isKeyRevoked: (keyId) => storedKeys.isRevoked(keyId),
    isRedisReady,
    stability: config.STABILITY,
    partialFilter: { minGrowthChars: config.PARTIAL_MIN_GROWTH_CHARS, holdMs: config.PARTIAL_HOLD_MS },
    limits: edgeLimits(config),
    buffers,
    metrics,
    refusals,
    logger,
  };
  const core = opened.use(new EdgeCore(deps));
  const accessChanges = opened.use(
    new AccessChanges({
      redis,
      listening,
      readers: { keys: () => storedKeys.refresh(), tenants: () => settings.refresh() },
    }),
  );
  const maintenance = opened.use(new SessionMaintenance(deps));
  watchServer(redis, () => {
    logger.warn('connected to a different Redis server; asking clients to resync');
    // Published messages reach only subscribers of the same server, so the subscriptions must move to the new
    // one.
    listening.disconnect(true);
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
  const byToken =
    (resumableMs = 0): AccessCheck =>
    async (request) => {
      const context = { policy: access.policy, findStoredKey: storedKeys.find, nowMs: Date.now(), resumableMs };
      const decision = await decideCredential(request, context);
      if (decision.allowed && decision.keyId !== undefined) storedKeys.used(decision.keyId);
      return reportedDecision(decision, request.address, refusals);
    };
  const byKeyOrToken = byToken();
  const byKeyOrOldToken = byToken(resumableForMs);
  const byJoinCode = async (request: JoinRequest) => {
    const decision = await decideJoin(request, { codes: joinCodes, attempts: joinAttempts });
    return reportedDecision(decision, request.address, refusals);
  };
  await Promise.race([accessChanges.check(), delay(firstAccessReadMs, undefined, { ref: false })]);
  const server = opened.use(
    await EdgeServer.start({
      host: config.HOST,
      port: config.PORT ?? defaultPort,
      maxFrameBytes: config.MAX_FRAME_BYTES,
      buffers,
      tls,
      connections,
      access: (request) => {
        const joinCode = presentedJoinCode(request.headers);
        return joinCode === undefined
          ? byKeyOrOldToken(request)
          : byJoinCode({ isReturning: false, ...request, joinCode });
      },
      clientAddress,
      refuse: (headers) => (access.isKeyless ? proxiedReason(headers) : undefined),
      opened: core.opened,
      refusals,
      api: new EdgeHttpApi({
        access: byKeyOrToken,
        policy: () => access.policy,
        join: byJoinCode,
        joinCodes,
        offers: new ListeningOffers(redis),
        clientAddress,
        languages: deps.languages,
        streams: new EventStreams({ opened: core.opened }),
        connections,
        directory: deps.directory,
        erasure: new SessionErasure(redis),
        tenants,
        schedule: deps.schedule,
        transcripts: new TranscriptStore(redis),
        joinAttempts,
        refusals,
        isRedisReady,
        now: Date.now,
        logger,
      }),
      checkRedis: () => redisHealth.check(),
      pagesFolder: options.pagesFolder,
      logger,
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
