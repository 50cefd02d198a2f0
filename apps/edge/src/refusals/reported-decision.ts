import type { AccessDecision } from '../access/decide-access.ts';
import type { Refusals } from './refusal-log.ts';

/** Returns an access decision after reporting it if it is a refusal. */
export function reportedDecision<Decision extends AccessDecision>(
  decision: Decision,
  address: string,
  refusals: Refusals,
): Decision {
  if (!decision.allowed && decision.kind !== undefined) refusals.record(decision.kind, { address });
  return decision;
}
