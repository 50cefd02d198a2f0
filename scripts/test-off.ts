/**
 * Runs the end-to-end tests once for each optimization, with that one disabled: `npm run test:off [-- VARIABLE...]`.
 * A test of the optimization itself enables it regardless.
 */
import { fileURLToPath } from 'node:url';
import { thisMachine } from '@parley/cli';
import { offRuns } from '../test/off-runs.ts';
import { runJest } from './jest-run.ts';
import { ensureTestPrograms } from './ensure-test-programs.ts';

const endToEnd = fileURLToPath(new URL('../test/', import.meta.url));
const deadlineMs = 30 * 60_000;
const machine = thisMachine(process.env);
const asked = process.argv.slice(2);
const chosen = offRuns.filter((run) => asked.length === 0 || asked.includes(nameOf(run)));
for (const name of asked) {
  if (chosen.every((run) => nameOf(run) !== name))
    throw new Error(`no optimisation is called ${name}; ${offRuns.map(nameOf).join(', ')} are`);
}
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());

await ensureTestPrograms(machine);
const summaries: string[] = [];
for (const turned of chosen) {
  if (stop.signal.aborted) {
    summaries.push(`${turned}: not run`);
    continue;
  }
  const { status, summary } = await runJest({
    parameters: ['--testPathPatterns', endToEnd],
    env: { ...process.env, TEST_SWITCH: turned },
    deadlineMs,
    say: (line) => machine.say(line),
  });
  summaries.push(`${turned}: ${summary}`);
  if (status !== 0) process.exitCode = 1;
}
for (const summary of summaries) console.log(summary);

function nameOf(run: string): string {
  return run.split('=')[0] ?? '';
}
