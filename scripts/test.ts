/** Runs all tests: `npm test [-- what jest takes]`. Installs Redis and Apertium where they are missing. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { MissingProgramError, provideApertium, provideRedisServer, thisMachine } from '@parley/cli';

/** A run that takes longer hangs. On two cores everything takes some twelve minutes. */
const deadlineMs = (process.env.TEST_ALL === '1' ? 60 : 30) * 60_000;
/** jest ends by itself once everything that the tests opened is closed. */
const lingerS = 10;
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}.parley/test`;
const resultFile = `${folder}/${process.pid}.json`;

const machine = thisMachine(process.env);
try {
  await provideRedisServer(machine);
  await provideApertium(machine);
} catch (error) {
  if (!(error instanceof MissingProgramError)) throw error;
  machine.say(error.message);
  process.exit(1);
}

mkdirSync(folder, { recursive: true });
const jest = [`${root}node_modules/jest/bin/jest.js`, '--json', `--outputFile=${resultFile}`, ...process.argv.slice(2)];
const run = spawn(process.execPath, jest, {
  cwd: root,
  // With --json jest writes the report to standard output as well; the summary goes to standard error.
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    ...process.env,
    NODE_OPTIONS:
      `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`.trim(),
  },
});
const deadline = setTimeout(() => {
  machine.say(`The tests were not done after ${deadlineMs / 60_000} minutes.`);
  run.kill('SIGKILL');
}, deadlineMs);
let doneForS = 0;
let hasLeak = false;
const leakWatch = setInterval(() => {
  if (existsSync(resultFile)) doneForS++;
  if (doneForS < lingerS || hasLeak) return;
  hasLeak = true;
  machine.say('The tests are done, but one of them has left something open; jest --detectOpenHandles names it.');
  run.kill('SIGKILL');
}, 1000);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => run.kill(signal));
const status = await new Promise<number>((resolve) => {
  run.once('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
});
clearTimeout(deadline);
clearInterval(leakWatch);
console.log(summary());
process.exitCode = status;

/** The last line of all: how many tests passed and failed. A test file that could not run counts as a failed test. */
function summary(): string {
  try {
    const results = JSON.parse(readFileSync(resultFile, 'utf8')) as Record<string, number | undefined>;
    const failed = (results.numFailedTests ?? 0) + (results.numRuntimeErrorTestSuites ?? 0);
    return `${results.numPassedTests ?? 0} passed, ${failed} failed`;
  } catch {
    return 'no test results';
  } finally {
    rmSync(resultFile, { force: true });
  }
}
