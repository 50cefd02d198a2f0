import type { FinalJobData, JobData, PartialJobData } from './queue-name.ts';

/** A job to add to a queue. */
export interface QueueJob<Data extends JobData = JobData> {
  readonly data: Data;
  /** BullMQ's priority: 0 is served first, in FIFO order, then the smaller number. */
  readonly priority?: number;
}

export interface NumberedWork {
  readonly segmentId: number;
  readonly number: string;
  readonly priority: number;
}

/**
 * Creates jobs for open segments that no worker thread holds, behind others of their session according to their priorities: see
 * `isBehindOwn`.
 */
export function partialJobs(sessionId: string, segments: readonly NumberedWork[]): QueueJob<PartialJobData>[] {
  return segments.map(({ segmentId, number, priority }) => ({
    data: { v: 1, sessionId, segmentId, number },
    priority: priority === 0 ? 0 : 2 * priority + 1,
  }));
}

export interface NumberedFinal extends NumberedWork {
  readonly target: string;
  readonly isCorrection?: boolean;
}

/** Creates jobs for accepted finals and corrected texts, one per text and target. */
export function finalJobs(sessionId: string, finals: readonly NumberedFinal[]): QueueJob<FinalJobData>[] {
  return finals.map(({ segmentId, target, number, priority, isCorrection }) => ({
    data: { v: 1, sessionId, segmentId, target, number, ...(isCorrection === true ? { isCorrection } : {}) },
    priority,
  }));
}
