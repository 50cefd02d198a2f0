import { groupsOf } from '../script/reply.ts';

/** An accepted final that waits for one of its targets. */
export interface OutstandingFinal {
  readonly segmentId: number;
  readonly target: string;
  /** Of its job. */
  readonly number: string;
  readonly priority: number;
}

/** Reads what scripts say of outstanding finals: four words each. */
export function outstandingFinals(words: readonly string[]): OutstandingFinal[] {
  return groupsOf(4, words).map(([segment, target = '', number = '', priority]) => ({
    segmentId: Number(segment),
    target,
    number,
    priority: Number(priority),
  }));
}
