/**
 * Runs all tests: `npm test [-- JEST_ARGUMENTS]`. Installs Redis and Apertium if they are missing. `npm run test:unit` runs those that
 * need neither.
 */
import { thisMachine } from '@parley/cli';
import { runJest } from './jest-run.ts';
import { ensureTestPrograms } from './ensure-test-programs.ts';

/** All tests take about twenty minutes on two cores. */
const deadlineMs = (process.env.TEST_ALL === '1' ? 90 : 60) * 60_000;

const machine = thisMachine(process.env);
if (process.env.TEST_UNIT !== '1') await ensureTestPrograms(machine);
const { status, summary } = await runJest({
  parameters: process.argv.slice(2),
  env: process.env,
  deadlineMs,
  say: (line) => machine.say(line),
});
console.log(summary);
process.exitCode = status;
