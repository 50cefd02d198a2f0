import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { failuresOf, reportText } from '../test/soak/report-text.ts';
import { runSoak } from '../test/soak/run-soak.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    sessions: { type: 'string', default: '50' },
    samples: { type: 'string' },
  },
});
const startedAtMs = performance.now();
const tell = (line: string): void => {
  console.log(`${((performance.now() - startedAtMs) / 60_000).toFixed(1)} min: ${line}`);
};
const stop = new AbortController();
// A second Ctrl-C ends the process, and its children with it.
process.once('SIGINT', () => {
  tell('stopping; the report follows when the sessions have ended');
  stop.abort();
});
tell(`seed ${values.seed}`);
const report = await runSoak({
  seed: Number(values.seed),
  minutes: positive('minutes', values.minutes),
  sessions: positive('sessions', values.sessions),
  tell,
  signal: stop.signal,
  onMeasured: (atMs, { lasting, restarted, keys }) => {
    if (values.samples === undefined) return;
    const sample = [lasting, restarted, keys].map((entries) => Object.fromEntries(entries));
    appendFileSync(values.samples, `${JSON.stringify([Math.round(atMs), ...sample])}\n`);
  },
});
console.log(`\n${reportText(report)}\n`);
const failures = failuresOf(report);
for (const failure of failures) console.log(failure);
process.exitCode = failures.length > 0 ? 1 : 0;

/** Ends the process if the value is no number above 0. */
function positive(option: string, given: string): number {
  const value = Number(given);
  if (value > 0 && value <= 10_000) return value;
  console.error(`--${option} must be a number above 0 and at most 10000`);
  process.exit(2);
}
