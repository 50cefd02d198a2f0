import { groupsOf } from '../redis/reply.ts';

/** An accepted final that waits for one of its targets; its job is named by its number. */
export interface OutstandingFinal {
  readonly segmentId: number;
  readonly target: string;
  readonly job: string;
  readonly priority: number;
}

/** Reads what scripts say of outstanding finals: four words each. */
export function outstandingFinals(words: readonly string[]): OutstandingFinal[] {
  return groupsOf(4, words).map(([segment, target = '', job = '', priority]) => ({
    segmentId: Number(segment),
    target,
    job,
    priority: Number(priority),
  }));
}
