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
  return Array.from({ length: Math.floor(words.length / 4) }, (_, index) => {
    const [segmentId, target = '', thread = '', digest = ''] = words.slice(index * 4, index * 4 + 4);
    return { segmentId: Number(segmentId), target, thread, digest };
  });
}
