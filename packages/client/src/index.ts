export { closeCodes, type CloseCode } from '@parley/protocol';
export type {
  CorrectionAccepted,
  DegradedReason,
  ErrorCode,
  ErrorMessage,
  JoinCodeChange,
  ServerMessage,
  ServerMessageType,
  SessionEnded,
  SessionJoined,
  SessionListeners,
  SessionResumed,
  SessionStarted,
  SessionUpdated,
  SessionUsage,
  SourceCorrected,
  SourceFinal,
  SourcePartial,
  TranslationCorrected,
  TranslationFailed,
  TranslationFinal,
  TranslationPartial,
} from '@parley/protocol';
export type { WaitOptions } from './await-reply.ts';
export type { CaptionLine } from './captions/caption-line.ts';
export type { CaptionMessage } from './captions/caption-message.ts';
export { CaptionStore, type CaptionStoreOptions } from './captions/caption-store.ts';
export type { LanguageCaptions } from './captions/language-captions.ts';
export type { Client } from './client.ts';
export { connect, type ConnectOptions } from './connect.ts';
export { correctTranscript } from './correct-transcript.ts';
export type { Correction, SessionCorrection } from './correction-message.ts';
export type { ConnectionEvents, SentMessage } from './connection.ts';
export {
  ApiKeyError,
  CaptionOverflowError,
  ConnectionClosedError,
  ConnectionRefusedError,
  DeadlineError,
  ServerError,
  UnreadableFrameError,
} from './errors.ts';
export type { ApiKeySource } from './live/api-key.ts';
export type { Backoff } from './live/backoff.ts';
export type { LiveEvents } from './live/live-options.ts';
export type { Listener, ListenerOptions } from './live/listener.ts';
export type { LiveOptions } from './live/live-options.ts';
export type { LiveSession, LiveSessionOptions } from './live/live-session.ts';
export type { Audience } from './live/reported-audience.ts';
export type { SavedFinal, SavedSession } from './live/saved-session.ts';
export { joinLive, resumeLiveSession, startLiveSession, type ResumeLiveOptions } from './live/start-live.ts';
export type { JoinOptions, ListenerSession } from './listener-session.ts';
export type {
  FinalTranscript,
  PartialTranscript,
  ResumedSession,
  ResumeOptions,
  Session,
  StartedSession,
  StartOptions,
  UpdateOptions,
} from './session.ts';
export type { ClientSocket, OpenSocket, SocketEvents, SocketRequest } from './socket.ts';
export { webSocketOpener, type WebSocketLike } from './web-socket.ts';
