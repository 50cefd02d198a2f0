import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/** jest ends by itself once everything that the tests opened is closed. */
const lingerS = 10;
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}.parley/test`;
const resultFile = `${folder}/${process.pid}.json`;

export interface JestRunOptions {
  /** What jest takes. */
  readonly parameters: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A run that takes longer hangs, and is ended. */
  readonly deadlineMs: number;
  readonly say: (line: string) => void;
}

export interface JestRun {
  /** The exit status; above 128: ended by a signal. */
  readonly status: number;
  /** How many tests passed and failed. A test file that could not run counts as a failed test. */
  readonly summary: string;
}

/** Runs jest as a process of its own, tells of tests that leave something open, and never hangs. */
export async function runJest({ parameters, env, deadlineMs, say }: JestRunOptions): Promise<JestRun> {
  mkdirSync(folder, { recursive: true });
  const jest = [`${root}node_modules/jest/bin/jest.js`, '--json', `--outputFile=${resultFile}`, ...parameters];
  const run = spawn(process.execPath, jest, {
    cwd: root,
    // With --json jest writes the report to standard output as well; the summary goes to standard error.
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...env,
      NODE_OPTIONS: `${env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`.trim(),
    },
  });
  const deadline = setTimeout(() => {
    say(`The tests were not done after ${deadlineMs / 60_000} minutes.`);
    run.kill('SIGKILL');
  }, deadlineMs);
  let doneForS = 0;
  let hasLeak = false;
  const leakWatch = setInterval(() => {
    if (existsSync(resultFile)) doneForS++;
    if (doneForS < lingerS || hasLeak) return;
    hasLeak = true;
    say('The tests are done, but one of them has left something open; jest --detectOpenHandles names it.');
    run.kill('SIGKILL');
  }, 1000);
  const passOn = (signal: NodeJS.Signals): void => void run.kill(signal);
  const passedOn = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of passedOn) process.on(signal, passOn);
  try {
    const status = await new Promise<number>((resolve) => {
      run.once('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
    return { status, summary: readSummary() };
  } finally {
    clearTimeout(deadline);
    clearInterval(leakWatch);
    for (const signal of passedOn) process.off(signal, passOn);
    rmSync(resultFile, { force: true });
  }
}

function readSummary(): string {
  try {
    const results = JSON.parse(readFileSync(resultFile, 'utf8')) as Record<string, number | undefined>;
    const failed = (results.numFailedTests ?? 0) + (results.numRuntimeErrorTestSuites ?? 0);
    return `${results.numPassedTests ?? 0} passed, ${failed} failed`;
  } catch {
    return 'no test results';
  }
}
