export { systemClock, type Clock } from './clock.ts';
export type {
  Engine,
  EngineCapabilities,
  EngineUsage,
  GlossaryEntry,
  TranslationPiece,
  TranslationRequest,
} from './engine.ts';
export {
  EngineCancelledError,
  EngineError,
  EngineRateLimitedError,
  EngineRejectedError,
  EngineReplyError,
  EngineTimeoutError,
  EngineUnavailableError,
  LanguagePairUnsupportedError,
  ResultUnwantedError,
} from './engine-error.ts';
export { normalizeText } from './normalize-text.ts';
export type { RetryPolicy } from './retry-policy.ts';
export {
  createTranslationService,
  type TranslationResult,
  type TranslationService,
  type TranslationServiceOptions,
} from './translation-service.ts';
