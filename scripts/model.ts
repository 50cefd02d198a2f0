/** Reckons what a number of sessions and listeners needs: `npm run model -- --help`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { measurePoints } from '../test/bench/scaling/measure-points.ts';
import { measureTimes } from '../test/bench/scaling/measure-times.ts';
import {
  readMeasuredCosts,
  thisMachine,
  writeMeasuredCosts,
  type MeasuredCosts,
} from '../test/bench/scaling/measured-costs.ts';
import {
  ModelOptionError,
  modelUsage,
  parseModelOptions,
  type ModelOptions,
} from '../test/bench/scaling/model-options.ts';
import { modelTables, tableNames } from '../test/bench/scaling/model.ts';
import { checkedPoints, fittedPoints } from '../test/bench/scaling/points.ts';
import { scales } from '../test/bench/scaling/scales.ts';
import { withTables } from '../test/bench/scaling/scaling-page.ts';
import { tableText } from '../test/bench/table-text.ts';

const page = new URL('../docs/scaling.md', import.meta.url);
const timeoutMs = 30 * 60_000;

async function measure({ measure: measuresCosts, check }: ModelOptions): Promise<MeasuredCosts> {
  const startedAtMs = performance.now();
  const options = {
    tell: (line: string) => console.error(`${((performance.now() - startedAtMs) / 1000).toFixed(0)} s: ${line}`),
    signal: AbortSignal.timeout(timeoutMs),
  };
  const known = measuresCosts ? undefined : readMeasuredCosts();
  const points = known?.points ?? (await measurePoints(fittedPoints, measureTimes, options));
  const checked = check ? await measurePoints(checkedPoints, measureTimes, options) : (known?.checked ?? []);
  const machine = known?.machine ?? thisMachine(points[0]?.redisVersion ?? 'unknown');
  const date = known?.date ?? new Date().toISOString().slice(0, 10);
  return { date, machine, windowSeconds: measureTimes.windowMs / 1000, points, checked };
}

async function run(options: ModelOptions): Promise<void> {
  let measured = await measure(options);
  if (options.measure) {
    writeMeasuredCosts(measured);
    // As they will be read.
    measured = readMeasuredCosts();
  }
  const sizes = options.size === undefined ? scales : [options.size];
  const tables = modelTables(measured, sizes, options.assumptions);
  if (options.measure || options.write) writeFileSync(page, withTables(readFileSync(page, 'utf8'), tables));
  const shown = options.check && !options.measure ? (['checks'] as const) : tableNames;
  for (const name of shown) console.log(`${name}\n\n${tableText(tables[name])}\n`);
}

try {
  if (process.argv.includes('--help')) console.log(modelUsage);
  else await run(parseModelOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof ModelOptionError)) throw error;
  console.error(`${error.message}\n\n${modelUsage}`);
  process.exitCode = 1;
}
