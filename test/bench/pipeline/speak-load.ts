import { runLoad, type LoadRun } from '../load-run.ts';
import type { RunningPipeline } from './running-pipeline.ts';

export interface LoadToSpeak {
  readonly sessions: number;
  readonly seconds: number;
  /** Target languages; default: Spanish. */
  readonly targets?: readonly string[];
  /** Whether finals must arrive in the order of acceptance. */
  readonly ordered?: boolean;
  readonly signal: AbortSignal;
}

/** Plays the recorded traces into a pipeline from a separate process, with different texts in each session. */
export async function speakLoad(
  { streamUrl, processes }: Pick<RunningPipeline, 'streamUrl' | 'processes'>,
  { sessions, seconds, targets = ['es'], ordered = false, signal }: LoadToSpeak,
): Promise<LoadRun> {
  const amount = ['--sessions', String(sessions), '--seconds', String(seconds)];
  const asked = ['--to', targets.join(), ...(ordered ? ['--ordered'] : [])];
  const pids = processes.map(({ name, pid }) => `${name}=${pid}`).join(',');
  return await runLoad(streamUrl, [...amount, ...asked, '--unique', '--unmark', '--pids', pids], signal);
}
