export { createBatchingEngine, type BatchingOptions, type BatchOutcome } from './batch/batching-engine.ts';
export { standingOf, worse, type Standing } from './cost/budget.ts';
export { BudgetSpentError } from './cost/budget-spent-error.ts';
export { createBudgetedService } from './cost/budgeted-service.ts';
export { estimateUsage } from './cost/estimate-usage.ts';
export { createMeteredEngine, type MeteredEngineOptions } from './cost/metered-engine.ts';
export { costMicros, type ModelPrice, type PriceTable } from './cost/price.ts';
export { estimateTokens } from './estimate-tokens.ts';
export { typicalCallTokens } from './cost/typical-call-tokens.ts';
export { payerOf, type PaidCall, type Payer, type SavingCause, type Spending } from './cost/spending.ts';
export { systemClock, type Clock } from './clock.ts';
export { TranslationPostponed, type EarlierCalls } from './service/earlier-calls.ts';
export type {
  BatchPiece,
  EarlierFinal,
  Engine,
  EngineCapabilities,
  EngineLimit,
  EngineLimits,
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
  EventLoopBlockedError,
  LanguagePairUnsupportedError,
  RateLimitReachedError,
  type TimeoutStage,
} from './engine/engine-error.ts';
export { LanguagePairs } from './engine/language-pairs.ts';
export { createCachingService, type CachingServiceOptions } from './cache/caching-service.ts';
export type { OnSaved, SavedBy } from './cache/saved-call.ts';
export type {
  KeptAs,
  KeptFor,
  RememberedTranslation,
  TranslationCache,
  TranslationMemory,
} from './cache/translation-cache.ts';
export { translationKeys, type TranslationKey, type TranslationKeyOptions } from './cache/translation-key.ts';
export { createCoalescingService, type CoalescingServiceOptions } from './flight/coalescing-service.ts';
export type { FlightMember, Flights, Joined } from './flight/flights.ts';
export { createJoiningService, type JoiningServiceOptions } from './flight/joining-service.ts';
export { bucketShape, type RoomShape } from './limit/bucket-shape.ts';
export { createLimitedEngine } from './limit/limited-engine.ts';
export type { CallAsk, CallOutcome, Grant, Permit, RateLimit, RoomRefusal } from './limit/rate-limit.ts';
export { SharedRateLimit, type RateLimitObserver, type SharedRateLimitOptions } from './limit/shared-rate-limit.ts';
export type { GivenAway, SharedAnswer, SharedAsk, SharedRoom, SharedSettlement } from './limit/shared-room.ts';
export { normalizeText } from './normalize-text.ts';
export { occurringTerms, termsOf } from './occurring-terms.ts';
export type { RetryPolicy } from './service/retry-policy.ts';
export {
  createTranslationService,
  type FinalOptions,
  type JobRequest,
  type TranslationResult,
  type TranslationService,
  type TranslationServiceOptions,
} from './service/translation-service.ts';
export { createPiecewiseService } from './pieces/piecewise-service.ts';
export { createKeyedService } from './cache/keyed-service.ts';
export { longTextMs } from './long-text.ts';
export { judgePartial, type WorthSettings } from './worth/judge-partial.ts';
