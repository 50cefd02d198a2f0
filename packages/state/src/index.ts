export { SharedKeyStore } from './access/shared-key-store.ts';
export type { Envelope } from './channel/envelope.ts';
export { SessionChannels, type ChannelListener } from './channel/session-channels.ts';
export { FlightStore } from './flight/flight-store.ts';
export { EarlierFinals } from './log/earlier-finals.ts';
export type { LogEntry, PartialResult } from './log/log-entry.ts';
export { LogReader, type FoundLogEntry } from './log/log-reader.ts';
export type { OutstandingFinal } from './pending/outstanding-final.ts';
export {
  PendingStore,
  UnreadableFinalError,
  type FinalWork,
  type SettledCall,
  type SettleFinal,
  type SettleResult,
} from './pending/pending-store.ts';
export { EngineProfileStore, type EngineProfile } from './profile/engine-profile.ts';
export { InFlightLimit } from './profile/in-flight-limit.ts';
export { secretHash } from './redis/digest.ts';
export { connectRedis } from './redis/connect.ts';
export { RedisUnreachableError, untilReady } from './redis/until-ready.ts';
export { watchServer } from './redis/watch-server.ts';
export { JoinCodes } from './session/join-codes.ts';
export { Presence, type Attendance, type PresenceResult } from './session/presence.ts';
export { Resumption, type ResumeResult, type ResumeSession } from './session/resumption.ts';
export { parseSessionSettings, type SessionSettings } from './session/session-record.ts';
export { SessionStore, type NewSession, type SessionLifetimes } from './session/session-store.ts';
export {
  slotLeaseMs,
  SlotStore,
  type CommitStatus,
  type PutPartial,
  type PutResult,
  type PutStatus,
  type SlotName,
  type SlotTicket,
  type Taken,
  type Ticket,
} from './slot/slot-store.ts';
export { spokenSchema, type Spoken } from './slot/spoken.ts';
export { Deadlines, type Claim } from './sweeper/deadlines.ts';
export { SessionVisits, type Visit } from './sweeper/session-visits.ts';
export type { CallInFlight } from './thread/call-in-flight.ts';
export { ThreadCancels, type CancelledCall } from './thread/thread-cancels.ts';
export { TenantStore, tenantLeaseMs, type TenantMemberKind } from './tenant/tenant-store.ts';
