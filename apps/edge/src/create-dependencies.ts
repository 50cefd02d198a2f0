import type { Config } from '@parley/config';
import { newSessionId } from '@parley/queues';
import { uniqueName, type connectRedis } from '@parley/redis/connection';
import { CorrectionStore } from '@parley/redis/correction';
import { EngineProfileStore } from '@parley/redis/engine-profile';
import { LogReader } from '@parley/redis/log';
import { PendingStore } from '@parley/redis/pending';
import { retention } from '@parley/redis/retention';
import { RoomStore } from '@parley/redis/room';
import { SessionSchedule } from '@parley/redis/schedule';
import { SegmentStore } from '@parley/redis/segment';
import {
  JoinCodes,
  Presence,
  Resumption,
  SessionCode,
  SessionDirectory,
  SessionStore,
  type SessionLifetimes,
} from '@parley/redis/session';
import { TenantCredits, TenantStore } from '@parley/redis/tenant';
import type { CurrentTenantSettings } from '@parley/redis/tenant-settings';
import { UsageLedger, UsageStore } from '@parley/redis/usage';
import type { EdgeDependencies } from './core/dependencies.ts';
import { LanguageSupport } from './core/language-support.ts';
import { BufferBudget } from './limits/buffer-budget.ts';
import { Arrivals } from './limits/arrivals.ts';
import { ReadingShares } from './limits/reading-shares.ts';
import { Allowances } from './limits/allowances.ts';
import { edgeLimits } from './limits/edge-limits.ts';
import { JoinAttempts } from './limits/join-attempts.ts';
import { TenantLeases } from './limits/tenant-leases.ts';
import { ServedSessions } from './sessions/served-sessions.ts';

/** For each address. */
const maxWrongCodesPerMinute = 20;
const logMaxBytes = 4 * 1024 * 1024;

/** What the dependencies of the edge core are created from. */
export interface EdgeResources extends Pick<
  EdgeDependencies,
  'channels' | 'queues' | 'replicas' | 'isKeyRevoked' | 'metrics' | 'refusals' | 'logger'
> {
  readonly config: Config;
  readonly redis: ReturnType<typeof connectRedis>;
  /** Number of shards of the queues. */
  readonly shards: number;
  readonly settings: Pick<CurrentTenantSettings, 'of'>;
}

/** Creates the dependencies of the edge core. Those that must be released are added to `opened`. */
export function createDependencies(resources: EdgeResources, opened: AsyncDisposableStack): EdgeDependencies {
  const { config, redis, shards, channels, queues, replicas, isKeyRevoked, metrics, refusals, logger } = resources;
  const edge = uniqueName();
  const log = new LogReader(redis);
  const rooms = new RoomStore(redis, { transcriptRetentionMs: transcriptRetentionMs(config) });
  const profiles = new EngineProfileStore(redis);
  const limits = edgeLimits(config);
  const deps: EdgeDependencies = {
    edge,
    newSessionId: () => newSessionId(shards),
    sessions: new SessionStore(redis, sessionLifetimes(config)),
    resumption: new Resumption(redis),
    presence: new Presence(redis),
    joinCodes: new JoinCodes(redis, rooms),
    sessionCode: new SessionCode(redis),
    rooms,
    directory: new SessionDirectory(redis),
    schedule: new SessionSchedule(redis),
    segments: new SegmentStore(redis),
    pending: new PendingStore(redis),
    replicas,
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
    tenants: opened.use(tenantLeases(resources)),
    credits: new TenantCredits(redis),
    joinAttempts: new JoinAttempts(maxWrongCodesPerMinute, Date.now),
    isKeyRevoked,
    isRedisReady: () => redis.status === 'ready',
    usage: opened.use(usageLedger(edge, resources)),
    stability: config.STABILITY,
    partialFilter: { minGrowthChars: config.PARTIAL_MIN_GROWTH_CHARS, holdMs: config.PARTIAL_HOLD_MS },
    limits,
    buffers: new BufferBudget(config.MAX_BUFFERED_BYTES),
    frameAllowances: new Allowances(limits.frameRate),
    arrivals: new Arrivals(),
    readingShares: new ReadingShares(performance.now()),
    metrics,
    refusals,
    logger,
  };
  return deps;
}

function sessionLifetimes(config: Config): SessionLifetimes {
  return {
    logMaxBytes,
    logMaxAgeMs: retention.logMs,
    endedTtlMs: retention.endedSessionMs,
    graceMs: config.SESSION_GRACE_MS,
    transcriptRetentionMs: transcriptRetentionMs(config),
    transcriptMaxBytes: config.TRANSCRIPT_MAX_BYTES,
    tenantTranscriptMaxBytes: config.TRANSCRIPTS_MAX_BYTES_PER_TENANT,
  };
}

function transcriptRetentionMs(config: Config): number {
  return config.TRANSCRIPT_RETENTION_MINUTES * 60_000;
}

function tenantLeases({ config, redis, settings, logger }: EdgeResources): TenantLeases {
  return new TenantLeases({
    store: new TenantStore(redis),
    maxSessions: config.MAX_SESSIONS_PER_TENANT,
    maxSockets: config.MAX_SOCKETS_PER_TENANT,
    maxListeners: config.MAX_LISTENERS_PER_TENANT,
    maxSeats: config.MAX_LISTENERS_PER_SESSION,
    settingsOf: (tenant) => settings.of(tenant),
    isRedisReady: () => redis.status === 'ready',
    logger,
  });
}

/** Only workers spend, so the edge's ledger checks no budget. */
function usageLedger(edge: string, { redis, logger }: EdgeResources): UsageLedger {
  return new UsageLedger({
    store: new UsageStore(redis),
    writer: edge,
    sessionBudgetMicros: undefined,
    tenantBudgetMicros: undefined,
    now: Date.now,
    onError: (error) => logger.warn({ err: error }, 'writing usage failed; retrying'),
    onLost: (error) => logger.error({ err: error }, 'usage record is invalid; dropping it'),
  });
}
