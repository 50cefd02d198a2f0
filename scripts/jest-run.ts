import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** jest exits by itself once the tests have closed all handles. */
const lingerS = 10;
/** The summary names the slowest test files of at least this time. */
const slowFileS = 20;
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}.parley/test`;
const resultFile = `${folder}/${process.pid}.json`;

export interface JestRunOptions {
  /** The command-line arguments of jest. */
  readonly parameters: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A run that takes longer is killed. */
  readonly deadlineMs: number;
  readonly say: (line: string) => void;
}

export interface JestRun {
  /** The exit status; above 128 if it was ended by a signal. */
  readonly status: number;
  /** The slowest test files, and the number of passed and failed tests. A test file that could not run counts as a failed test. */
  readonly summary: string;
}

/** Runs jest in a separate process, reports tests that leave handles open, and never hangs. */
export async function runJest({ parameters, env, deadlineMs, say }: JestRunOptions): Promise<JestRun> {
  mkdirSync(folder, { recursive: true });
  const jest = [`${root}node_modules/jest/bin/jest.js`, '--json', `--outputFile=${resultFile}`, ...parameters];
  const run = spawn(process.execPath, jest, {
    cwd: root,
    // With --json jest writes the report to standard output as well; the summary goes to standard error.
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      // The processes that tests start then compile the sources once: it halves the CPU time of a start.
      NODE_COMPILE_CACHE: `${root}.parley/compile-cache`,
      ...env,
      NODE_OPTIONS: `${env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`.trim(),
    },
  });
  const deadline = setTimeout(() => {
    say(`The tests did not finish within ${deadlineMs / 60_000} minutes.`);
    run.kill('SIGKILL');
  }, deadlineMs);
  let doneForS = 0;
  let hasLeak = false;
  const leakWatch = setInterval(() => {
    if (existsSync(resultFile)) doneForS++;
    if (doneForS < lingerS || hasLeak) return;
    hasLeak = true;
    say('The tests have finished, but one of them left a handle open; run jest --detectOpenHandles to find it.');
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

/** The fields of jest's report that are used here. */
interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  /** Times in milliseconds since 1970. */
  readonly testResults: readonly { readonly name: string; readonly startTime: number; readonly endTime: number }[];
}

function readSummary(): string {
  try {
    const report = JSON.parse(readFileSync(resultFile, 'utf8')) as JestReport;
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, testResults } = report;
    const files = testResults.map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1000 }));
    const slowest = files
      .filter(({ seconds }) => seconds >= slowFileS)
      .sort((one, other) => other.seconds - one.seconds);
    return [
      ...slowest.slice(0, 20).map(({ name, seconds }) => `${seconds.toFixed(0)} s: ${relative(root, name)}`),
      `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed`,
    ].join('\n');
  } catch {
    return 'no test results';
  }
}
