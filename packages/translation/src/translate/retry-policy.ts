import { EngineDownError, EngineReplyError, type EngineError } from '../engine/engine-error.ts';

/** How finals are retried. */
export interface RetryPolicy {
  /** Upper bound of the first delay; doubles with each further one. */
  readonly baseDelayMs: number;
  /** Maximum of the upper bound. */
  readonly maxDelayMs: number;
  /** No call of a sentence starts later than this after the first one (or its due time), without waits for capacity. */
  readonly deadlineMs: number;
  /** Maximum total wait for capacity under the rate limit. */
  readonly maxRateLimitWaitMs: number;
}

/** The state of a final after a failed call. */
export interface FailedAttempt {
  readonly error: EngineError;
  /** Number of calls made; 0 if none could be made. */
  readonly attempts: number;
  /** Number of calls whose reply was not a translation. */
  readonly badReplies: number;
  /** Milliseconds since the first call began or was due, without waits for capacity. */
  readonly elapsedMs: number;
  /** In [0, 1). */
  readonly random: number;
}

export type RetryDecision = { readonly type: 'give-up' } | { readonly type: 'retry'; readonly delayMs: number };

/** A bad reply is retried once, at another endpoint if possible; after two, a third is likely to be bad as well. */
const maxBadReplies = 2;
/** Tolerance for early timers and rounding when reaching the deadline. */
const timerSlackMs = 5;

/** Whether the call was not made, so that it does not count as an attempt. */
export function wasNotMade(error: EngineError): error is EngineDownError {
  return error instanceof EngineDownError;
}

/** Whether a final has reached its deadline, so that its next call is the last. */
export function isLastTry(elapsedMs: number, { deadlineMs }: Pick<RetryPolicy, 'deadlineMs'>): boolean {
  return deadlineMs > 0 && elapsedMs >= deadlineMs - timerSlackMs;
}

function delayMs({ error, attempts, random }: FailedAttempt, policy: RetryPolicy): number {
  if (error instanceof EngineReplyError) return 0;
  // Jitter keeps all finals from retrying at the announced time.
  if (wasNotMade(error)) return error.retryAfterMs + random * policy.baseDelayMs;
  const bound = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempts - 1));
  return bound * (0.5 + random / 2);
}

/**
 * Decides whether a failed call is retried, and after what delay: exponential backoff with "equal jitter", which spreads the
 * calls over the whole time available (Marc Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015). With full
 * jitter, many of them would be made within the first second. A delay beyond the deadline ends at the deadline, with a last
 * call.
 */
export function decideRetry(failed: FailedAttempt, policy: RetryPolicy): RetryDecision {
  const leftMs = policy.deadlineMs - failed.elapsedMs;
  if (!failed.error.retryable || failed.badReplies >= maxBadReplies || leftMs <= timerSlackMs) {
    return { type: 'give-up' };
  }
  return { type: 'retry', delayMs: Math.min(delayMs(failed, policy), leftMs) };
}

/** The state of a final after a refusal by the rate limit. */
export interface RefusedCall {
  /** Milliseconds until there may be capacity. */
  readonly retryAfterMs: number;
  /** Consecutive refusals, at least 1. */
  readonly refusals: number;
  /** Number of finals of its session before it. */
  readonly backlogPosition: number;
  /** Total wait for capacity so far. */
  readonly waitedMs: number;
  /** In [0, 1). */
  readonly random: number;
}

/** Upper bound of the first jitter; doubles with each further refusal. */
const firstSpreadMs = 50;
const longestSpreadMs = 1000;
/** Maximum wait for a requested delay: trying again is cheap, and the requested delay may be wrong. */
const longestLookMs = 30_000;
/** Additional delay for each final of the session before this one, and its maximum. */
const laterForEachMs = 50;
const longestLaterMs = 5000;

/**
 * Decides when a final without capacity tries again. It does not count as an attempt, since nothing was sent. Jitter grows with
 * the number of refusals, so that waiting finals do not all try for the same capacity.
 */
export function decideRateLimitWait(
  refused: RefusedCall,
  policy: Pick<RetryPolicy, 'maxRateLimitWaitMs'>,
): RetryDecision {
  const spreadMs = Math.min(longestSpreadMs, firstSpreadMs * 2 ** (refused.refusals - 1));
  const laterMs = Math.min(refused.backlogPosition * laterForEachMs, longestLaterMs);
  const delayMs = Math.min(refused.retryAfterMs, longestLookMs) + laterMs + refused.random * spreadMs;
  return refused.waitedMs + delayMs >= policy.maxRateLimitWaitMs ? { type: 'give-up' } : { type: 'retry', delayMs };
}
