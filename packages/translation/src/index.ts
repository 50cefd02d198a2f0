export { budgetStatusOf, strictest, type BudgetStatus } from './cost/budget.ts';
export { costMicros, type Price } from './cost/price.ts';
export { estimateTokens, typicalCallTokens } from './estimate-tokens.ts';
export { accountOf, type PaidCall, type Account, type SavingCause, type Spending } from './cost/spending.ts';
export { systemClock, type Clock } from './clock.ts';
export { RetryLater, type RetryState } from './translate/retry-state.ts';
export type {
  BatchAnswer,
  CallCapacity,
  EarlierFinal,
  Engine,
  EngineAnswer,
  EngineCapabilities,
  EngineLimit,
  EngineLimits,
  EngineUsage,
  GlossaryEntry,
  ShownTranslation,
  TranslationRequest,
} from './engine/engine.ts';
export {
  BudgetSpentError,
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
export { previousTurn, withoutPreviousTurn } from './engine/previous-turn.ts';
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
export {
  translationKeyPrefix,
  translationKeys,
  type TranslationKey,
  type TranslationKeyOptions,
} from './translate/translation-key.ts';
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
export type { RetryPolicy } from './translate/retry-policy.ts';
export { createTranslationService, type TranslationServiceOptions } from './translate/create-translation-service.ts';
export type {
  FinalOptions,
  JobRequest,
  TranslationResult,
  TranslationService,
} from './translate/translation-service.ts';
export { isLongText, longestSentenceLetters, longTextMs } from './long-text.ts';
export { filterPartial, type PartialFilterSettings } from './partial-filter/filter-partial.ts';
export { commonUnits, firstUnits, readingUnits } from './stability/reading-units.ts';
export {
  coveredUnits,
  erasedUnits,
  lengthAdaptiveLagMs,
  unchangedSince,
  unitsBehind,
  unitsShorter,
} from './stability/measures.ts';
export {
  emptyTally,
  stabilityMeasures,
  sumCounts,
  tallyFinal,
  tallyRevision,
  type StabilityCounts,
  type StabilityMeasures,
  type StabilityTally,
  type StabilityUpdate,
} from './stability/stability-tally.ts';
export { endsSentence } from './sentence-ends.ts';
export {
  commonLength,
  nothingSettled,
  settleSentences,
  stillSettled,
  type SettledSentences,
} from './stability/settled-sentences.ts';
export {
  maxDueIntervalMs,
  observeSource,
  type SourceAgreement,
  type SourceRevision,
} from './stability/source-agreement.ts';
export {
  showBeginning,
  stabilize,
  stabilizerState,
  type Caption,
  type RevisionTranslation,
  type StabilizerState,
  type StreamedBeginning,
} from './stability/stabilizer.ts';
