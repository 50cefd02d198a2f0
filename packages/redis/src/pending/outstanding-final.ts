import { groupsOf } from '../script/reply.ts';

/** One outstanding target of an accepted final, or of a corrected text. */
export interface OutstandingFinal {
  readonly segmentId: number;
  readonly target: string;
  /** The number of its job. */
  readonly number: string;
  readonly priority: number;
  /** Whether it is the translation of a corrected text. */
  readonly isCorrection?: true;
}

/** Parses outstanding finals from a script's reply: four values each; `cSEGMENT` is a corrected segment. */
export function outstandingFinals(values: readonly string[]): OutstandingFinal[] {
  return groupsOf(4, values).map(([segment = '', target = '', number = '', priority]) => ({
    segmentId: Number(segment.replace('c', '')),
    target,
    number,
    priority: Number(priority),
    ...(segment.startsWith('c') ? { isCorrection: true } : {}),
  }));
}
