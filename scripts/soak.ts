import { appendFileSync } from 'node:fs';
import { failuresOf, reportText } from '../test/soak/report-text.ts';
import { runSoak } from '../test/soak/run-soak.ts';
import { minutesOf, scriptOptions, seedOf, wholeNumber } from './script-options.ts';

const options = scriptOptions({
  minutes: { type: 'string', default: '60' },
  seed: { type: 'string' },
  sessions: { type: 'string', default: '50' },
  samples: { type: 'string' },
});
const seed = seedOf(options.seed);
const minutes = minutesOf('minutes', options.minutes, 0.1, 10_000);
const sessions = wholeNumber('sessions', options.sessions, 1, 10_000);
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
tell(`seed ${seed}`);
const report = await runSoak({
  seed,
  minutes,
  sessions,
  tell,
  signal: stop.signal,
  onMeasured: (atMs, { lasting, restarted, keys }) => {
    if (options.samples === undefined) return;
    const sample = [lasting, restarted, keys].map((entries) => Object.fromEntries(entries));
    appendFileSync(options.samples, `${JSON.stringify([Math.round(atMs), ...sample])}\n`);
  },
});
console.log(`\n${reportText(report)}\n`);
const failures = failuresOf(report);
for (const failure of failures) console.log(failure);
process.exitCode = failures.length > 0 ? 1 : 0;
