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
 * The outcome of calling an endpoint. `event-loop-blocked`: the time-out expired while this thread could not read the
 * response; `no-permit`: no call was made, since the rate limit had no capacity.
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
  | 'no-permit'
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
  [RateLimitReachedError, 'no-permit'],
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
  'no-permit': 'unknown',
  defect: 'unknown',
};

/** What an outcome tells about the endpoint's health. */
export function verdictOf(outcome: CallOutcome): Verdict {
  return verdicts[outcome];
}

/**
 * Whether the next endpoint is tried within the same call: this one cannot serve it and has not processed it. Partials are
 * not retried after a 429. Failures that may succeed on a retry are left to the caller, which waits first.
 */
export function goesOn(outcome: CallOutcome, kind: 'partial' | 'final'): boolean {
  if (outcome === 'rate-limited') return kind === 'final';
  return outcome === 'no-permit' || outcome === 'rejected' || outcome === 'unsupported';
}

/**
 * Whether the next endpoint is tried for a final that an earlier endpoint had no capacity for: it only has to wait there, so
 * a broken endpoint does not use up an attempt. A bad reply does, since the next one would be as bad.
 */
export function isNoAttempt(outcome: CallOutcome): boolean {
  return outcome === 'unavailable' || outcome === 'timeout' || outcome === 'event-loop-blocked';
}
