import { groupsOf } from '../script/reply.ts';

/** One outstanding target of an accepted final. */
export interface OutstandingFinal {
  readonly segmentId: number;
  readonly target: string;
  /** The number of its job. */
  readonly number: string;
  readonly priority: number;
}

/** Parses outstanding finals from a script's reply: four values each. */
export function outstandingFinals(values: readonly string[]): OutstandingFinal[] {
  return groupsOf(4, values).map(([segment, target = '', number = '', priority]) => ({
    segmentId: Number(segment),
    target,
    number,
    priority: Number(priority),
  }));
}
