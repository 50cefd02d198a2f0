/** Open segments of a session that wait first come, first served; those beyond wait behind everybody's first ones. */
const firstComeSegments = 4;

/** A job that has to be added to the queue of partials, so that a worker thread takes the segment. */
export interface PartialJob {
  readonly segmentId: number;
  readonly number: string;
  /** BullMQ's. It grows with the open segments of the session, so that none of them crowds others out. */
  readonly priority: number;
}

/** The job that a script has named; '' is none. @param openSegments of the session */
export function partialJob(segmentId: number, number: string, openSegments: number): PartialJob | undefined {
  if (number === '') return undefined;
  return { segmentId, number, priority: Math.max(0, openSegments - firstComeSegments) };
}
