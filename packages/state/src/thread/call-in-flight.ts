import { groupsOf } from '../redis/reply.ts';

/** A call on a partial that is still at the engine. */
export interface CallInFlight {
  readonly segmentId: number;
  readonly target: string;
  /** The worker thread that waits for it. */
  readonly thread: string;
  /** Of its text and source language. */
  readonly digest: string;
}

/** Reads what `add_calls` writes: four words a call. */
export function callsInFlight(words: readonly string[]): CallInFlight[] {
  return groupsOf(4, words).map(([segmentId, target = '', thread = '', digest = '']) => ({
    segmentId: Number(segmentId),
    target,
    thread,
    digest,
  }));
}
