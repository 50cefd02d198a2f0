export { countAudience, nobody, type Audience } from './audience.ts';
export { CacheErasures } from './cache-erasures.ts';
export { EndedSessions, type EndedSession } from './ended-sessions.ts';
export { JoinCodes, type FoundCode } from './join-codes.ts';
export { ListeningOffers, type ListeningOffer } from './listening-offers.ts';
export type { PauseState } from './pause-state.ts';
export { languageLeaseMs, Presence, type Attendance, type PresenceResult } from './presence.ts';
export { Resumption, type ResumeResult, type ResumeSession } from './resumption.ts';
export { parseSessionSettings, type SessionSettings } from './session-record.ts';
export {
  SessionCode,
  type CodeChangeResult,
  type CodeRestoreResult,
  type KnownCode,
  type NewCode,
} from './session-code.ts';
export { SessionDirectory, type SessionDescription, type SessionPage } from './session-directory.ts';
export { SessionErasure } from './session-erasure.ts';
export { SessionStore, type NewSession, type SessionLifetimes } from './session-store.ts';
export { isListenersChanged, type ListenersChanged } from './listeners-changed.ts';
