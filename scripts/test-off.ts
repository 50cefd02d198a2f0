/**
 * Runs the end-to-end tests once for each optimisation, with that one taken back: `npm run test:off [-- VARIABLE...]`.
 * A test of the optimisation itself asks for it, whatever the run has turned off. What is off already in the stacks of
 * these tests (`CACHE`, `CACHE_SHARED`, `HEDGING`) has its run with every `npm test`.
 */
import { fileURLToPath } from 'node:url';
import { thisMachine } from '@parley/cli';
import { offRuns } from '../test/off-runs.ts';
import { runJest } from './jest-run.ts';
import { providePrograms } from './provide-programs.ts';

const endToEnd = fileURLToPath(new URL('../test/', import.meta.url));
const deadlineMs = 30 * 60_000;
const machine = thisMachine(process.env);
const asked = process.argv.slice(2);
for (const name of asked) {
  if (offRuns[name] === undefined)
    throw new Error(`no optimisation is called ${name}; ${Object.keys(offRuns).join(', ')} are`);
}

await providePrograms(machine);
const summaries: string[] = [];
for (const [name, value] of Object.entries(offRuns)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const turned = `${name}=${value}`;
  const { status, summary } = await runJest({
    parameters: ['--testPathPatterns', endToEnd],
    env: { ...process.env, TEST_SWITCH: turned },
    deadlineMs,
    say: (line) => machine.say(line),
  });
  summaries.push(`${turned}: ${summary}`);
  if (status !== 0) process.exitCode = 1;
  if (status > 128) break;
}
for (const summary of summaries) console.log(summary);
