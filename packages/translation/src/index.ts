export { createBatchingEngine, type BatchingOptions, type BatchOutcome } from './batch/batching-engine.ts';
export { standingOf, worse, type Standing } from './cost/budget.ts';
export { BudgetSpentError } from './cost/budget-spent-error.ts';
export { estimateUsage } from './cost/estimate-usage.ts';
export { createMeteredEngine, type MeteredEngineOptions } from './cost/metered-engine.ts';
export { costMicros, type ModelPrice, type PriceTable } from './cost/price.ts';
export { estimateTokens } from './estimate-tokens.ts';
export { typicalCallTokens } from './cost/typical-call-tokens.ts';
export { payerOf, type PaidCall, type Payer, type SavingCause, type Spending } from './cost/spending.ts';
export { systemClock, type Clock } from './clock.ts';
export { TranslationPostponed, type EarlierCalls } from './translate/earlier-calls.ts';
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
export type { ReuseOptions, SavedBy } from './translate/reuse-translations.ts';
export type {
  CacheTtlClass,
  CallMember,
  Joined,
  RememberedTranslation,
  SharedTranslations,
  TranslationMemory,
} from './translate/shared-translations.ts';
export { translationKeys, type TranslationKey, type TranslationKeyOptions } from './translate/translation-key.ts';
export { bucketShape, type RoomShape } from './limit/bucket-shape.ts';
export { createLimitedEngine } from './limit/limited-engine.ts';
export type { CallAsk, CallOutcome, Grant, Permit, RateLimit, RoomRefusal } from './limit/rate-limit.ts';
export { SharedRateLimit, type RateLimitObserver, type SharedRateLimitOptions } from './limit/shared-rate-limit.ts';
export type { GivenAway, SharedAnswer, SharedAsk, SharedRoom, SharedSettlement } from './limit/shared-room.ts';
export { normalizeText } from './normalize-text.ts';
export { occurringTerms, termsOf } from './occurring-terms.ts';
export type { RetryPolicy } from './translate/retry-policy.ts';
export { createTranslationService, type TranslationServiceOptions } from './translate/create-translation-service.ts';
export type {
  FinalOptions,
  JobRequest,
  TranslationResult,
  TranslationService,
} from './translate/translation-service.ts';
export { longTextMs } from './long-text.ts';
export { judgePartial, type WorthSettings } from './worth/judge-partial.ts';
