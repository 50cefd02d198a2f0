import { EngineDownError, EngineReplyError, type EngineError } from '../engine/engine-error.ts';

/** How long a final is tried again. */
export interface RetryPolicy {
  /** The bound of the first wait; it doubles with every further one. */
  readonly baseDelayMs: number;
  /** No bound of a wait grows above this. */
  readonly maxDelayMs: number;
  /** No call for a sentence starts later than this after the first one did, or would have; waits for room under the rate limit not counted. */
  readonly deadlineMs: number;
  /** The longest that it waits in all for room under the rate limit, Parley's own count or the engine's word. */
  readonly maxRateLimitWaitMs: number;
}

/** What happened so far, when a call has failed. */
export interface FailedAttempt {
  readonly error: EngineError;
  /** Calls made; 0 where none could be made so far. */
  readonly attempts: number;
  /** How many of them were answered by something that is no translation. */
  readonly badReplies: number;
  /** Since the first call began, or would have; waits for room not counted. */
  readonly elapsedMs: number;
  /** In [0, 1). */
  readonly random: number;
}

export type RetryDecision = { readonly type: 'give-up' } | { readonly type: 'retry'; readonly delayMs: number };

/** A bad reply is asked for once more, at another endpoint where there is one; a text that had two of them will have a third. */
const maxBadReplies = 2;
/** Timers fire a little early, and durations are added up: this close to its deadline, a final is there. */
const timerSlackMs = 5;

/** Whether an error tells of a call that was not made: nobody failed, so it is no attempt. */
export function wasNotMade(error: EngineError): error is EngineDownError {
  return error instanceof EngineDownError;
}

/** Whether a final has come to its deadline, so that the call it makes now is its last. */
export function isLastTry(elapsedMs: number, { deadlineMs }: Pick<RetryPolicy, 'deadlineMs'>): boolean {
  return deadlineMs > 0 && elapsedMs >= deadlineMs - timerSlackMs;
}

function delayMs({ error, attempts, random }: FailedAttempt, policy: RetryPolicy): number {
  if (error instanceof EngineReplyError) return 0;
  // Not everybody at the very moment that was named.
  if (wasNotMade(error)) return error.retryAfterMs + random * policy.baseDelayMs;
  const bound = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempts - 1));
  return bound * (0.5 + random / 2);
}

/**
 * Whether a failed call is made again, and after what wait: exponential backoff whose jitter is the upper half of a doubling
 * bound, so that the calls spread over all of the time there is (Marc Brooker, "Exponential Backoff and Jitter", AWS
 * Architecture Blog, 2015: "equal jitter"). Full jitter would let many of them fall into the first second. A wait that would
 * go past the deadline ends there, with a last call.
 */
export function decideRetry(failed: FailedAttempt, policy: RetryPolicy): RetryDecision {
  const leftMs = policy.deadlineMs - failed.elapsedMs;
  if (!failed.error.retryable || failed.badReplies >= maxBadReplies || leftMs <= timerSlackMs) {
    return { type: 'give-up' };
  }
  return { type: 'retry', delayMs: Math.min(delayMs(failed, policy), leftMs) };
}

/** What happened so far, when there was no room under the rate limit for a call. */
export interface RefusedCall {
  /** When there may be room. */
  readonly retryAfterMs: number;
  /** How often there was none in a row, at least 1. */
  readonly refusals: number;
  /** How many finals of its session come before it. */
  readonly backlogPosition: number;
  /** How long it has waited for room in all. */
  readonly waitedMs: number;
  /** In [0, 1). */
  readonly random: number;
}

/** The bound of the first wait beyond what was said; it doubles with every further refusal. */
const firstSpreadMs = 50;
const longestSpreadMs = 1000;
/** However long the engine wants to be left alone: a look at our own count is cheap, and the word may be wrong. */
const longestLookMs = 30_000;
/** Whoever stands behind others looks so much later for each of them, but not longer than this. */
const laterForEachMs = 50;
const longestLaterMs = 5000;

/**
 * When a final that found no room under the rate limit asks again. That is no attempt: nothing was sent. Those that wait
 * spread out, the longer the more, or all of them would ask for each place that gets free.
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
