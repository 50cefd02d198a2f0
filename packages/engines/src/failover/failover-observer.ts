import type { CallOutcome } from './call-outcome.ts';
import type { CircuitPosition } from './circuit.ts';

/** Why an endpoint was not asked. `away`: it said when it would be back. */
export type PassedOver = 'circuit-open' | 'away' | 'unsupported';

/** Hears what happens to calls, to count it. */
export interface FailoverObserver {
  /** @param error what the call threw, if it did */
  endpointCalled(endpoint: string, kind: 'partial' | 'final', outcome: CallOutcome, error?: unknown): void;
  endpointPassedOver(endpoint: string, reason: PassedOver): void;
  circuitChanged(endpoint: string, position: CircuitPosition): void;
  /** A call was served by another endpoint than the first one of its kind. */
  failedOver(kind: 'partial' | 'final'): void;
}
