import {
  EngineCancelledError,
  EngineRateLimitedError,
  EngineRejectedError,
  EngineReplyError,
  EngineTimeoutError,
  EngineUnavailableError,
  EventLoopBlockedError,
  LanguagePairUnsupportedError,
  RateLimitReachedError,
} from '@parley/translation';
import type { Verdict } from './circuit.ts';

/**
 * What came of asking an endpoint. `event-loop-blocked`: its time-out passed while this thread was too busy to read its answer;
 * `held-back`: its rate limit left no capacity, so no call was made.
 */
export type CallOutcome =
  | 'translated'
  | 'unavailable'
  | 'timeout'
  | 'event-loop-blocked'
  | 'bad-reply'
  | 'rate-limited'
  | 'rejected'
  | 'unsupported'
  | 'cancelled'
  | 'held-back'
  | 'defect';

const outcomes = [
  [EngineUnavailableError, 'unavailable'],
  [EngineTimeoutError, 'timeout'],
  [EventLoopBlockedError, 'event-loop-blocked'],
  [EngineReplyError, 'bad-reply'],
  [EngineRateLimitedError, 'rate-limited'],
  [EngineRejectedError, 'rejected'],
  [LanguagePairUnsupportedError, 'unsupported'],
  [EngineCancelledError, 'cancelled'],
  [RateLimitReachedError, 'held-back'],
] as const;

/** The outcome of a call that threw. */
export function failedCallOutcome(error: unknown): CallOutcome {
  return outcomes.find(([type]) => error instanceof type)?.[1] ?? 'defect';
}

const verdicts: Readonly<Record<CallOutcome, Verdict>> = {
  translated: 'succeeded',
  unavailable: 'failed',
  timeout: 'failed',
  'event-loop-blocked': 'unknown',
  'bad-reply': 'failed',
  'rate-limited': 'answered',
  rejected: 'answered',
  unsupported: 'answered',
  cancelled: 'unknown',
  'held-back': 'unknown',
  defect: 'unknown',
};

/** What an outcome says of the endpoint's health. */
export function verdictOf(outcome: CallOutcome): Verdict {
  return verdicts[outcome];
}

/**
 * Whether the next endpoint is asked within the same call: this one can't serve it, now or ever, and has done nothing for
 * it. A partial isn't worth a second call, so a 429 ends it. What may succeed at the second try is tried again after a
 * wait, which is the caller's.
 */
export function goesOn(outcome: CallOutcome, kind: 'partial' | 'final'): boolean {
  if (outcome === 'rate-limited') return kind === 'final';
  return outcome === 'held-back' || outcome === 'rejected' || outcome === 'unsupported';
}

/**
 * Whether the next one is asked too, of a final for which an endpoint before this one merely had no capacity: it only has
 * to wait there, so it uses up no attempt at one that is broken. A bad reply is one: the next would be as bad.
 */
export function isNoAttempt(outcome: CallOutcome): boolean {
  return outcome === 'unavailable' || outcome === 'timeout' || outcome === 'event-loop-blocked';
}
