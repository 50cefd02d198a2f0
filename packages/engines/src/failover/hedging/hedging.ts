import { EngineError, type Clock, type TranslationPiece, type TranslationRequest } from '@parley/translation';
import type { Admission } from '../circuit.ts';
import type { FailoverObserver } from '../failover-observer.ts';
import type { Member } from '../member.ts';
import type { Ask } from './call-leg.ts';
import { HedgeBudget } from './hedge-budget.ts';
import { hedgedCall } from './hedged-call.ts';

export interface HedgingOptions {
  /** `false`: every call is made once. */
  readonly hedging: boolean;
  readonly observer: FailoverObserver;
  readonly clock: Clock;
}

/** Asks an endpoint that let the call through. */
type AskMember = (
  member: Member,
  request: TranslationRequest,
  admission: Admission,
) => AsyncGenerator<TranslationPiece>;

/** The slowest twentieth gets a second call, so that the budget suffices for about all of it. */
const patienceShare = 0.95;
const budgetShare = 0.05;
const maxSavedCalls = 5;
/** With fewer latencies than this nobody knows what is slow. */
const minimumLatencies = 20;
/** Nobody sees less than this, and a busy machine makes as much of it. */
const leastPatienceMs = 50;

/**
 * How endpoints are asked: a final that takes longer than 95% of the last ones there gets a second call at the same
 * endpoint, as far as 5% more calls go. Not at the next one: that is there for when the first fails, and may be quicker
 * just because it is worse. None is made while the rate limit is tight: it would take the room of a text that waits.
 */
export function createHedging({ hedging, observer, clock }: HedgingOptions): AskMember {
  const budget = new HedgeBudget(budgetShare, maxSavedCalls);

  function second(member: Member, request: TranslationRequest): Ask | undefined {
    const obstacle = member.isTight() ? 'no-room' : budget.spend() ? undefined : 'over-budget';
    if (obstacle !== undefined) {
      observer.hedged(member.name, obstacle);
      return undefined;
    }
    const admission = member.admit(request);
    return admission instanceof EngineError ? undefined : (given) => member.ask(given, admission);
  }

  return (member, request, admission) => {
    if (!hedging || request.kind === 'partial') return member.ask(request, admission);
    budget.earn();
    const latencies = member.finalLatencies;
    const usualMs = latencies.count < minimumLatencies ? undefined : latencies.quantile(patienceShare);
    if (usualMs === undefined) return member.ask(request, admission);
    return hedgedCall({
      request,
      ask: (given) => member.ask(given, admission),
      patienceMs: Math.max(leastPatienceMs, usualMs),
      second: () => second(member, request),
      onAnswer: (winner) => observer.hedged(member.name, winner === 'second' ? 'won' : 'lost'),
      clock,
    });
  };
}
