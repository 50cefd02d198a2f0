import { runLoad, type LoadRun } from '../load-run.ts';
import type { RunningPipeline } from './running-pipeline.ts';

export interface LoadToSpeak {
  readonly sessions: number;
  readonly seconds: number;
  /** Languages to translate into; Spanish alone where unset. */
  readonly targets?: readonly string[];
  /** Whether finals must come in the order of speaking. */
  readonly ordered?: boolean;
  readonly signal: AbortSignal;
}

/** Lets sessions speak the recorded talks into a pipeline, from a process of its own, each with texts of its own. */
export async function speakLoad(
  { streamUrl, processes }: Pick<RunningPipeline, 'streamUrl' | 'processes'>,
  { sessions, seconds, targets = ['es'], ordered = false, signal }: LoadToSpeak,
): Promise<LoadRun> {
  const amount = ['--sessions', String(sessions), '--seconds', String(seconds)];
  const asked = ['--to', targets.join(), ...(ordered ? ['--ordered'] : [])];
  const pids = processes.map(({ name, pid }) => `${name}=${pid}`).join(',');
  return await runLoad(streamUrl, [...amount, ...asked, '--unique', '--unmark', '--pids', pids], signal);
}
