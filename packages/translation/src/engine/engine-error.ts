import type { ErrorCode } from '@parley/protocol';
import type { EngineLimits, EngineUsage } from './engine.ts';

/**
 * An engine could not translate. There is one class per cause; `retryable` says whether the same request may succeed
 * later or elsewhere, decided where the cause is known. Messages never hold what was said.
 */
export abstract class EngineError extends Error {
  abstract readonly code: ErrorCode;
  abstract readonly retryable: boolean;
  /** Whether an engine took the call, and may bill it though it gave nothing of use. The engine says so. */
  mayBeBilled = false;
  /** What the failed call took, where the engine told it. */
  usage: EngineUsage | undefined;
  /** What the engine told of its rate limits with the failure. */
  limits: EngineLimits | undefined;
}

/** No connection, a cut one, or a 5xx answer; `retryAfterMs`: how long its engine asks to be left alone, where it says so. */
export class EngineUnavailableError extends EngineError {
  override readonly name = 'EngineUnavailableError';
  readonly code = 'engine-unavailable';
  readonly retryable = true;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: ErrorOptions & { readonly retryAfterMs?: number | undefined } = {}) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** What took too long; `next-token`: a reply that had begun. */
export type TimeoutStage = 'connect' | 'first-token' | 'next-token' | 'total';

/** A deadline passed; `stage` says which. */
export class EngineTimeoutError extends EngineError {
  override readonly name = 'EngineTimeoutError';
  readonly code = 'engine-timeout';
  readonly retryable = true;
  readonly stage: TimeoutStage;

  constructor(stage: TimeoutStage, timeoutMs: number, options?: ErrorOptions) {
    super(`the engine's ${stage} time-out of ${timeoutMs} ms passed`, options);
    this.stage = stage;
  }
}

/**
 * A deadline passed while the event loop of this thread was blocked, so the engine's answer may lie unread: whether the
 * engine was too slow is not known.
 */
export class EventLoopBlockedError extends EngineError {
  override readonly name = 'EventLoopBlockedError';
  readonly code = 'engine-timeout';
  readonly retryable = true;

  constructor(stage: TimeoutStage, timeoutMs: number, options?: ErrorOptions) {
    super(`the ${stage} time-out of ${timeoutMs} ms passed while the event loop was blocked`, options);
  }
}

/** A 429; `retryAfterMs` is what the engine asked for, where it said so. */
export class EngineRateLimitedError extends EngineError {
  override readonly name = 'EngineRateLimitedError';
  readonly code = 'engine-rate-limited';
  readonly retryable = true;
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    retryAfterMs: number | undefined,
    options: ErrorOptions & { readonly limits?: EngineLimits | undefined } = {},
  ) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
    this.limits = options.limits;
  }
}

/**
 * The call was not made: Parley's own count says that the engine would refuse it, or another call was just refused.
 * Nobody failed, so it is no attempt.
 */
export class RateLimitReachedError extends EngineError {
  override readonly name = 'RateLimitReachedError';
  readonly code = 'engine-rate-limited';
  readonly retryable = true;
  /** When there may be room again. */
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number, options?: ErrorOptions) {
    super(`the rate limit leaves no room for another ${Math.round(retryAfterMs)} ms`, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The call was not made: whoever could serve it has failed too often lately. Nobody was asked, so it is no attempt. */
export class EngineDownError extends EngineError {
  override readonly name = 'EngineDownError';
  readonly code = 'engine-unavailable';
  readonly retryable = true;
  /** When somebody may be asked again. */
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number, options?: ErrorOptions) {
    super(`the engine has failed too often and is left alone for another ${Math.round(retryAfterMs)} ms`, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** A 4xx that will be the same next time: a bad key, a model that doesn't exist, a request that isn't understood. */
export class EngineRejectedError extends EngineError {
  override readonly name = 'EngineRejectedError';
  readonly code = 'engine-rejected';
  readonly retryable = false;
}

/** The engine doesn't translate between these languages. */
export class LanguagePairUnsupportedError extends EngineError {
  override readonly name = 'LanguagePairUnsupportedError';
  readonly code = 'language-unsupported';
  readonly retryable = false;
}

/** A reply that can't be read, or is no translation. */
export class EngineReplyError extends EngineError {
  override readonly name = 'EngineReplyError';
  readonly code = 'engine-bad-reply';
  readonly retryable = true;
}

/** The caller's signal was aborted. */
export class EngineCancelledError extends EngineError {
  override readonly name = 'EngineCancelledError';
  readonly code = 'engine-cancelled';
  readonly retryable = false;
}
