export { standingOf, worse, type Standing } from './cost/budget.ts';
export { BudgetSpentError } from './cost/budget-spent-error.ts';
export { createBudgetedService } from './cost/budgeted-service.ts';
export { costMicros, type Price } from './cost/price.ts';
export { estimateTokens } from './estimate-tokens.ts';
export { typicalCallTokens } from './cost/typical-call-tokens.ts';
export { payerOf, type PaidCall, type Payer, type SavingCause, type Spending } from './cost/spending.ts';
export { systemClock, type Clock } from './clock.ts';
export { TranslationPostponed, type EarlierCalls } from './service/earlier-calls.ts';
export type {
  BatchAnswer,
  EarlierFinal,
  Engine,
  EngineAnswer,
  EngineCapabilities,
  EngineLimit,
  EngineLimits,
  EngineUsage,
  GlossaryEntry,
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
export { bucketFor, type Buckets } from './limit/limits.ts';
export type { GrantTotals, LimiterStore, StoreRelease, StoreReply, StoreRequest } from './limit/limiter-store.ts';
export {
  hasBacklog,
  type CallReport,
  type CapacityRequest,
  type Grant,
  type LimitReason,
  type Permit,
  type RateLimiter,
} from './limit/rate-limiter.ts';
export {
  SharedRateLimiter,
  type RateLimiterObserver,
  type SharedRateLimiterOptions,
} from './limit/shared-rate-limiter.ts';
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
