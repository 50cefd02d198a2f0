export { memoize } from './memoize.ts';
export {
  clientMessageSchema,
  maxTargetLanguages,
  roomNameSchema,
  sessionOptionsSchema,
  stabilitySchema,
  type StabilitySetting,
  type ClientMessage,
  type ClientMessageInput,
  type ClientMessageType,
  type JoinCodeChange,
  type Ping,
  type SessionEnd,
  type SessionJoin,
  type SessionOptions,
  type SessionResume,
  type SessionStart,
  type SessionUpdate,
  type TranscriptCorrect,
  type TranscriptFinal,
  type TranscriptPartial,
} from './client-message.ts';
export { isBlank } from './blank-text.ts';
export { canonicalJoinCode } from './join-code.ts';
export { closeCodes, type CloseCode } from './close-code.ts';
export { errorCodes, type ErrorCode } from './error-code.ts';
export { isOwnLanguage, languageAndScript, lookUpLanguage, nearestLanguage } from './language-match.ts';
export { baseLanguage, canonicalLanguageTag, undeterminedLanguage, type LanguageTag } from './language-tag.ts';
export { languageTagSchema } from './language-tag-schema.ts';
export type { IgnoredField } from './optional-fields.ts';
export {
  errorMessage,
  ignoredNotice,
  parseClientMessage,
  type ParseBounds,
  type ParsedClientMessage,
} from './parse-client-message.ts';
export {
  degradedReasonSchema,
  serverMessageSchema,
  type CorrectionAccepted,
  type DegradedReason,
  type ErrorMessage,
  type Notice,
  type ServerMessage,
  type ServerMessageType,
  type SessionEnded,
  type SessionJoined,
  type SessionListeners,
  type SessionResumed,
  type SessionStability,
  type SessionStarted,
  type SessionUpdated,
  type SessionUsage,
  type SourceCorrected,
  type SourceFinal,
  type SourcePartial,
  type Timing,
  type TranscriptAccepted,
  type TranslationCorrected,
  type TranslationFailed,
  type TranslationFinal,
  type TranslationPartial,
} from './server-message.ts';
export { prefixLength } from './prefix-length.ts';
export {
  bearerSubprotocolPrefix,
  joinSubprotocolPrefix,
  streamPath,
  subprotocol,
  subprotocolHeader,
} from './subprotocol.ts';
