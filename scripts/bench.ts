import { parseArgs } from 'node:util';
import { benches } from '../test/bench/index.ts';
import { tableText } from '../test/bench/table-text.ts';
import { wholeNumber } from './script-options.ts';

/** A bench that hangs is aborted after this time. */
const timeoutMs = 45 * 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    sessions: { type: 'string' },
    seconds: { type: 'string' },
    only: { type: 'string' },
  },
});
const chosen = benches.filter(({ name }) => positionals.includes(name));
const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name));
if (chosen.length === 0 || unknown.length > 0) {
  for (const name of unknown) console.error(`there is no bench ${name}`);
  console.error(
    'npm run bench -- NAME... [--quick] [--json] [--sessions N] [--seconds N] [--only TEXT], where NAME is one of:',
  );
  for (const { name, question } of benches) console.error(`  ${name}: ${question}`);
  process.exit(unknown.length > 0 ? 1 : 0);
}

const sessions = amount('sessions', values.sessions);
const seconds = amount('seconds', values.seconds);
for (const bench of chosen) {
  const startedAtMs = performance.now();
  const table = await bench.run({
    quick: values.quick,
    sessions,
    seconds,
    only: values.only,
    tell: (line) => console.error(`${((performance.now() - startedAtMs) / 1000).toFixed(1)} s: ${line}`),
    signal: AbortSignal.timeout(timeoutMs),
  });
  console.log(
    values.json
      ? JSON.stringify({ name: bench.name, quick: values.quick, ...table })
      : `${bench.name}: ${bench.question}\n\n${tableText(table)}\n`,
  );
}

/** A whole number from 1; `undefined` where none is given. Ends the process on anything else. */
function amount(option: string, given: string | undefined): number | undefined {
  return given === undefined ? undefined : wholeNumber(option, given, 1, 99_999);
}
