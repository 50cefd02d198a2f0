export { systemClock, type Clock } from './clock.ts';
export { TranslationPostponed, type EarlierCalls } from './service/earlier-calls.ts';
export type {
  Engine,
  EngineCapabilities,
  EngineUsage,
  GlossaryEntry,
  TranslationPiece,
  TranslationRequest,
} from './engine/engine.ts';
export {
  EngineCancelledError,
  EngineDownError,
  EngineError,
  EngineRateLimitedError,
  EngineRejectedError,
  EngineReplyError,
  EngineTimeoutError,
  EngineUnavailableError,
  LanguagePairUnsupportedError,
  RateLimitReachedError,
} from './engine/engine-error.ts';
export { flightKey } from './flight/flight-key.ts';
export type { FlightResult, Flights, Joined } from './flight/flights.ts';
export { createJoiningService, type JoiningServiceOptions } from './flight/joining-service.ts';
export { normalizeText } from './normalize-text.ts';
export type { RetryPolicy } from './service/retry-policy.ts';
export {
  createTranslationService,
  type FinalOptions,
  type JobRequest,
  type TranslationResult,
  type TranslationService,
  type TranslationServiceOptions,
} from './service/translation-service.ts';
