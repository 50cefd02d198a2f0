export { SharedKeyStore } from './access/shared-key-store.ts';
export { DegradedNotices } from './channel/degraded-notices.ts';
export type { Envelope } from './channel/envelope.ts';
export { SessionChannels, type ChannelListener } from './channel/session-channels.ts';
export { CacheStore } from './cache/cache-store.ts';
export { connectCache, type CacheConnectionOptions } from './cache/connect-cache.ts';
export type { CacheTtls } from './cache/cached-translation.ts';
export { createTranslationMemory, type TranslationMemoryOptions } from './cache/translation-memory.ts';
export { LimitPauses } from './limit/limit-pauses.ts';
export { limitedEndpoint, RateLimitStore } from './limit/rate-limit-store.ts';
export { ThreadCount } from './limit/thread-count.ts';
export { EarlierFinals } from './log/earlier-finals.ts';
export type { LogEntry, PartialResult } from './log/log-entry.ts';
export { LogReader, type FoundLogEntry } from './log/log-reader.ts';
export type { OutstandingFinal } from './pending/outstanding-final.ts';
export {
  PendingStore,
  UnreadableFinalError,
  type FinalWork,
  type PreviewResult,
  type SettleFinal,
  type SettleResult,
  type ShownTranslation,
} from './pending/pending-store.ts';
export { EngineProfileStore, type EngineProfile } from './profile/engine-profile.ts';
export { secretHash } from './redis/digest.ts';
export { connectRedis } from './redis/connect.ts';
export { RedisProbe } from './redis/redis-probe.ts';
export { uniqueName } from './redis/unique-name.ts';
export { untilReady } from './redis/until-ready.ts';
export { watchServer } from './redis/watch-server.ts';
export { JoinCodes } from './session/join-codes.ts';
export { Presence, type Attendance, type PresenceResult } from './session/presence.ts';
export { Resumption, type ResumeResult, type ResumeSession } from './session/resumption.ts';
export { parseSessionSettings, type SessionSettings } from './session/session-record.ts';
export { SessionStore, type NewSession, type SessionLifetimes } from './session/session-store.ts';
export { SingleflightStore, type SingleflightStoreOptions } from './singleflight/singleflight-store.ts';
export { isListenersChanged, type ListenersChanged } from './session/listeners-changed.ts';
export { HolderBalance } from './segment/holder-balance.ts';
export type { PartialJob } from './segment/partial-job.ts';
export type { PutPartial, PutRefusal, PutResult } from './segment/put-partial.ts';
export {
  segmentLeaseMs,
  SegmentStore,
  type CommitStatus,
  type OpenSegment,
  type Release,
  type RenewedLease,
  type SegmentLease,
  type ShownPartial,
  type TakenSegment,
} from './segment/segment-store.ts';
export type { SegmentTarget } from './segment/segment-target.ts';
export type { Spoken } from './segment/spoken.ts';
export { WorkChannels, type WorkListener } from './segment/work-channels.ts';
export type { SegmentWork, WorkMessage } from './segment/work-message.ts';
export { Deadlines, type Claim } from './sweeper/deadlines.ts';
export { SessionVisits, type Visit } from './sweeper/session-visits.ts';
export { TenantStore, tenantLeaseMs, type TenantMemberKind } from './tenant/tenant-store.ts';
export { AdditionRefusedError } from './usage/addition-refused-error.ts';
export { listenForSessionEnds, type SessionEndListener } from './usage/session-ends.ts';
export { UsageLedger, type UsageLedgerOptions } from './usage/usage-ledger.ts';
export { dayOf, usageFields, UsageStore, type Usage, type UsageField } from './usage/usage-store.ts';
