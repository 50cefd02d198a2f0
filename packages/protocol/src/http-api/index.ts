export { httpErrorSchema, httpErrorStatus, type HttpErrorBody, type HttpErrorCode } from './http-error.ts';
export { languagesReplySchema, type Language, type LanguagesReply } from './languages.ts';
export {
  maxTokenSeconds,
  tokenReplySchema,
  tokenRequestSchema,
  tokenScopeSchema,
  type TokenRequest,
  type TokenScope,
} from './tokens.ts';
export {
  sessionPathSchema,
  sessionReplySchema,
  sessionsQuerySchema,
  sessionsReplySchema,
  type SessionReply,
  type SessionsReply,
} from './sessions.ts';
export { listeningOfferSchema, type ListeningOfferReply } from './listening-offer.ts';
export { listenHeadersSchema, listenPathSchema, listenQuerySchema } from './events.ts';
export { transcriptQuerySchema, transcriptReplySchema, type TranscriptReply } from './transcripts.ts';
