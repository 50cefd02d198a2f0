import type { RefusalReason } from '@parley/telemetry';
import type { Refusals } from '../refusals/refusal-log.ts';

/** Counts the refusal of one connection. */
export type CountRefusal = (reason: RefusalReason) => void;

/** Records only the first refusal of a connection: those that follow, such as a lost connection, are its consequences. */
export function countOnce(refusals: Refusals, address: string): CountRefusal {
  let isCounted = false;
  return (reason) => {
    if (!isCounted) refusals.record(reason, { address });
    isCounted = true;
  };
}
