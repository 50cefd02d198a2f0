import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { RunningPipeline } from './running-pipeline.ts';

const run = promisify(execFile);
const parley = fileURLToPath(new URL('../../../apps/cli/bin/parley.js', import.meta.url));

interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** What `parley load --json` tells, as far as benches look at it. */
export interface SpokenLoad {
  readonly partialMs: Percentiles;
  readonly caughtUpMs: Percentiles;
  readonly finalMs: Percentiles;
  readonly partialsSent: number;
  readonly partialsShown: number;
  readonly finalsTranslated: number;
  readonly violations: readonly unknown[];
  readonly processes: readonly {
    readonly name: string;
    readonly cpuPercent: number;
    readonly peakMemoryMib: number;
  }[];
}

export interface LoadToSpeak {
  readonly sessions: number;
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** Lets sessions speak the recorded talks into a pipeline, from a process of its own, each with texts of its own. */
export async function speakLoad(
  { streamUrl, processes }: RunningPipeline,
  { sessions, seconds, signal }: LoadToSpeak,
): Promise<SpokenLoad> {
  const pids = processes.map(({ name, pid }) => `${name}=${pid}`).join(',');
  const amount = ['--sessions', String(sessions), '--seconds', String(seconds)];
  const parameters = ['load', ...amount, '--to', 'es', '--unique', '--unmark', '--json', '--pids', pids];
  const command = run(process.execPath, [parley, ...parameters, '--url', streamUrl], { signal });
  // A load whose promises were broken ends with a failure, and with its report all the same.
  const { stdout } = await command.catch((error: unknown) => error as { stdout: string });
  return JSON.parse(stdout) as SpokenLoad;
}
