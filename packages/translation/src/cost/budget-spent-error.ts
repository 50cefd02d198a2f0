import { EngineError } from '../engine/engine-error.ts';

/** No call was made: the session's or its tenant's budget doesn't allow it. */
export class BudgetSpentError extends EngineError {
  override readonly name = 'BudgetSpentError';
  readonly code = 'over-budget';
  readonly retryable = false;
}
