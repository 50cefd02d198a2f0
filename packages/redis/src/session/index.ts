export { JoinCodes } from './join-codes.ts';
export type { PauseState } from './pause-state.ts';
export { languageLeaseMs, Presence, type Attendance, type PresenceResult } from './presence.ts';
export { Resumption, type ResumeResult, type ResumeSession } from './resumption.ts';
export { parseSessionSettings, type SessionSettings } from './session-record.ts';
export { SessionDirectory, type SessionDescription, type SessionPage } from './session-directory.ts';
export { SessionErasure } from './session-erasure.ts';
export { SessionStore, type NewSession, type SessionLifetimes } from './session-store.ts';
export { isListenersChanged, type ListenersChanged } from './listeners-changed.ts';
