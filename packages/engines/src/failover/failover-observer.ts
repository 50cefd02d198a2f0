import type { CallOutcome } from './call-outcome.ts';
import type { CircuitPosition } from './circuit.ts';

/** Why an endpoint was not asked. `away`: it said when it would be back. */
export type PassedOver = 'circuit-open' | 'away' | 'unsupported';

/** Hears what happens to calls, to count it. */
export interface FailoverObserver {
  endpointCalled(endpoint: string, kind: 'partial' | 'final', outcome: CallOutcome): void;
  endpointPassedOver(endpoint: string, reason: PassedOver): void;
  circuitChanged(endpoint: string, position: CircuitPosition): void;
  /** A call was served by another endpoint than the first one of its kind. */
  failedOver(kind: 'partial' | 'final'): void;
  /** A final took long, so a second call was made (and won or lost), or would have been but for the budget or the rate limit. */
  hedged(endpoint: string, outcome: 'won' | 'lost' | 'over-budget' | 'no-room'): void;
}
