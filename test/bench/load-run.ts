import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** The fields of the report of `parley load --json` that benches use. */
export interface LoadRun {
  /** The duration, including outstanding translations at the end. */
  readonly seconds: number;
  readonly partialMs: Percentiles;
  readonly caughtUpMs: Percentiles;
  readonly finalMs: Percentiles;
  readonly finalAddedMs: Percentiles;
  readonly partialsSent: number;
  readonly partialsShown: number;
  readonly finalsSent: number;
  readonly finalsTranslated: number;
  readonly finalsFailed: number;
  readonly violations: readonly { readonly code: string }[];
  readonly failures: readonly string[];
  readonly processes: readonly {
    readonly name: string;
    readonly cpuPercent: number;
    readonly peakMemoryMib: number;
  }[];
}

const program = fileURLToPath(new URL('../../apps/cli/bin/parley.js', import.meta.url));
const maxOutputBytes = 64 * 1024 * 1024;

/**
 * Runs `parley load` in a separate process.
 *
 * @throws Error if there is no report; losses are part of the report
 */
export async function runLoad(url: string, parameters: readonly string[], signal: AbortSignal): Promise<LoadRun> {
  const command = [program, 'load', '--url', url, '--json', ...parameters];
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, command, { signal, maxBuffer: maxOutputBytes }, (error, stdout, stderr) => {
      if (stdout !== '') resolve(stdout);
      else reject(new Error(`parley load gave no report: ${stderr}`, { cause: error }));
    });
  });
  return JSON.parse(output) as LoadRun;
}
