import type { ErrorCode } from '@parley/protocol';
import type { EngineLimits, EngineUsage } from './engine.ts';

/**
 * Base class of engine failures, with one subclass per cause. `retryable` tells whether the same request may succeed
 * later or at another endpoint. Messages never contain transcript text.
 */
export abstract class EngineError extends Error {
  abstract readonly code: ErrorCode;
  abstract readonly retryable: boolean;
  /** Whether an engine accepted the call and may bill it although it failed. Set by the engine adapter. */
  mayBeBilled = false;
  /** Usage of the failed call, if reported. */
  usage: EngineUsage | undefined;
  /** Rate limits reported with the failure. */
  limits: EngineLimits | undefined;
}

/** Connection failed or was cut, or a 5xx status; `retryAfterMs`: the requested delay, if the response had one. */
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

/** The time-out that expired; `next-token`: while a reply was being streamed. */
export type TimeoutStage = 'connect' | 'first-token' | 'next-token' | 'total';

/** The time-out of a `stage` expired. */
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
 * A time-out expired while the event loop of this thread was blocked. The response may have arrived unread, so this does
 * not show that the engine was slow.
 */
export class EventLoopBlockedError extends EngineError {
  override readonly name = 'EventLoopBlockedError';
  readonly code = 'engine-timeout';
  readonly retryable = true;

  constructor(stage: TimeoutStage, timeoutMs: number, options?: ErrorOptions) {
    super(`the ${stage} time-out of ${timeoutMs} ms passed while the event loop was blocked`, options);
  }
}

/** Status 429; `retryAfterMs`: the requested delay, if the response had one. */
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
 * The call was not made: the shared rate limit has no capacity, or another call was just refused. Not counted as an
 * attempt.
 */
export class RateLimitReachedError extends EngineError {
  override readonly name = 'RateLimitReachedError';
  readonly code = 'engine-rate-limited';
  readonly retryable = true;
  /** Milliseconds until there may be capacity again. */
  readonly retryAfterMs: number;
  /** Whether others come first, since the tenant or session has had its share. */
  readonly isPaced: boolean;

  constructor(
    retryAfterMs: number,
    { isPaced = false, ...options }: ErrorOptions & { readonly isPaced?: boolean } = {},
  ) {
    super(`the rate limit has no capacity for another ${Math.round(retryAfterMs)} ms`, options);
    this.retryAfterMs = retryAfterMs;
    this.isPaced = isPaced;
  }
}

/** The call was not made: every suitable endpoint has failed too often recently. Not counted as an attempt. */
export class EngineDownError extends EngineError {
  override readonly name = 'EngineDownError';
  readonly code = 'engine-unavailable';
  readonly retryable = true;
  /** Milliseconds until an endpoint may be called again. */
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number, options?: ErrorOptions) {
    super(`the engine has failed too often; next call in ${Math.round(retryAfterMs)} ms`, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** A 4xx status that a retry would not change: a bad key, an unknown model, a malformed request. */
export class EngineRejectedError extends EngineError {
  override readonly name = 'EngineRejectedError';
  readonly code = 'engine-rejected';
  readonly retryable = false;
}

/** The engine does not support this language pair. */
export class LanguagePairUnsupportedError extends EngineError {
  override readonly name = 'LanguagePairUnsupportedError';
  readonly code = 'language-unsupported';
  readonly retryable = false;

  constructor(message = 'the engine does not support this language pair') {
    super(message);
  }
}

/** The reply cannot be parsed or is not a translation. */
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

/** The call was not made: the budget of the session or its tenant does not allow it. */
export class BudgetSpentError extends EngineError {
  override readonly name = 'BudgetSpentError';
  readonly code = 'over-budget';
  readonly retryable = false;
}
