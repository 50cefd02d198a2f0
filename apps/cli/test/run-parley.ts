import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../bin/parley.js', import.meta.url));

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string[];
  readonly stderr: string;
}

export interface RunningParley extends AsyncDisposable {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves with the next line on standard output; rejects if the output ends first. */
  nextLine(): Promise<string>;
  readonly ended: Promise<Ended>;
}

/** Starts `parley`, or another script, as a process. */
export function startParley(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  script: string = bin,
): RunningParley {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...(PATH === undefined ? {} : { PATH }), ...environment },
    stdio: 'pipe',
  });
  child.stdin.on('error', () => undefined);
  const stdout: string[] = [];
  const waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  let read = 0;
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  createInterface({ input: child.stdout }).on('line', (line) => {
    stdout.push(line);
    const next = waiting.shift();
    if (next === undefined) return;
    read += 1;
    next.resolve(line);
  });
  const ended = once(child, 'close').then(([exitCode]): Ended => {
    for (const { reject } of waiting) reject(new Error(`the output ended; standard error: ${stderr}`));
    return { exitCode: exitCode as number | null, stdout, stderr };
  });
  return {
    child,
    ended,
    nextLine: () => {
      const line = stdout[read];
      if (line === undefined) return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
      read += 1;
      return Promise.resolve(line);
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs `parley` with this standard input until it exits. */
export async function runParley(
  args: readonly string[],
  input = '',
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  await using parley = startParley(args, environment);
  parley.child.stdin.end(input);
  return await parley.ended;
}
