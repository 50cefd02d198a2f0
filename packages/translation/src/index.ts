export { systemClock, type Clock } from './clock.ts';
export { TranslationPostponed, type EarlierCalls } from './earlier-calls.ts';
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
} from './engine-error.ts';
export { flightKey } from './flight-key.ts';
export type { FlightResult, Flights, Joined } from './flights.ts';
export { createJoiningService, type JoiningServiceOptions } from './joining-service.ts';
export { normalizeText } from './normalize-text.ts';
export type { RetryPolicy } from './retry-policy.ts';
export {
  createTranslationService,
  type FinalOptions,
  type JobRequest,
  type TranslationResult,
  type TranslationService,
  type TranslationServiceOptions,
} from './translation-service.ts';
