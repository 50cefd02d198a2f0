import type { LaneJob } from '@parley/lanes';
import type { OutstandingFinal } from '@parley/state';
import type { EdgeDependencies } from './dependencies.ts';

/** Adds the jobs of accepted finals to the lane; one that stands there already is left as it is. */
export async function addFinalJobs(
  { lanes }: Pick<EdgeDependencies, 'lanes'>,
  sessionId: string,
  finals: readonly OutstandingFinal[],
): Promise<void> {
  await lanes.add('final', jobsOf(sessionId, finals));
}

/** The same for finals that were accepted earlier: what has become of their jobs isn't known. */
export async function repairFinalJobs(
  { lanes, pending }: Pick<EdgeDependencies, 'lanes' | 'pending'>,
  sessionId: string,
  finals: readonly OutstandingFinal[],
): Promise<void> {
  await lanes.repair('final', jobsOf(sessionId, finals), (data) => pending.renumber(data, data.number));
}

function jobsOf(sessionId: string, finals: readonly OutstandingFinal[]): LaneJob[] {
  return finals.map(({ segmentId, target, job, priority }) => ({
    data: { v: 1, sessionId, segmentId, target, number: job },
    priority,
  }));
}
