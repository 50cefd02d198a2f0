import type { LaneJob } from './lane-producer.ts';

/** What a job is made of: a slot's ticket, or an accepted final that waits for one target. */
export interface NamedWork {
  readonly segmentId: number;
  readonly target: string;
  readonly number: string;
  readonly priority: number;
}

/** The jobs that stand for this work of one session. */
export function laneJobs(sessionId: string, works: readonly NamedWork[]): LaneJob[] {
  return works.map(({ segmentId, target, number, priority }) => ({
    data: { v: 1, sessionId, segmentId, target, number },
    priority,
  }));
}
