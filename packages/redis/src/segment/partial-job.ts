/**
 * Jobs of the first open segments of a session have the highest priority; those of further ones come after the first
 * ones of all sessions.
 */
const firstComeSegments = 4;

/** A job to add to the partial queue, so that a worker thread takes the segment. */
export interface PartialJob {
  readonly segmentId: number;
  readonly number: string;
  /** BullMQ's priority. It grows with the session's number of open segments, so that no session delays the others. */
  readonly priority: number;
}

/**
 * Returns the job for a number that a script returned; '' means none. @param openSegments number of open segments of
 * the session
 */
export function partialJob(segmentId: number, number: string, openSegments: number): PartialJob | undefined {
  if (number === '') return undefined;
  return { segmentId, number, priority: Math.max(0, openSegments - firstComeSegments) };
}
