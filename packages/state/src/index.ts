export { SharedKeyStore } from './access/shared-key-store.ts';
export type { Envelope } from './channel/envelope.ts';
export { SessionChannels, type ChannelListener } from './channel/session-channels.ts';
export type { LogEntry, PartialResult } from './log/log-entry.ts';
export { LogReader, type NumberedLogEntry } from './log/log-reader.ts';
export {
  PendingStore,
  type CallInFlight,
  type FinalJob,
  type FinalWork,
  type SettleFinal,
  type SettleResult,
} from './pending/pending-store.ts';
export { EngineProfileStore, type EngineProfile } from './profile/engine-profile.ts';
export { connectRedis } from './redis/connect.ts';
export { RedisUnreachableError, untilReady } from './redis/until-ready.ts';
export { parseSessionSettings, type SessionSettings } from './session/session-record.ts';
export { SessionStore, type NewSession, type SessionLifetimes } from './session/session-store.ts';
export {
  leaseMs,
  SlotStore,
  type CommitStatus,
  type PutPartial,
  type PutResult,
  type PutStatus,
  type SlotName,
  type Taken,
  type Ticket,
} from './slot/slot-store.ts';
export { spokenSchema, type Spoken } from './slot/spoken.ts';
export { TenantStore, tenantLeaseMs, type TenantMemberKind } from './tenant/tenant-store.ts';
