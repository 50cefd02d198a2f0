import type { BenchTable, Cell } from '../bench.ts';
import { digits } from './amounts.ts';
import { usageOf, type Costs } from './costs.ts';
import type { Drivers, MeasuredPoint, Usage } from './measured-point.ts';

/** One figure of a load, as the model said and as it was. */
export interface Check {
  readonly load: string;
  readonly figure: string;
  readonly predicted: number;
  readonly measured: number;
}

type Figure = readonly [name: string, of: (load: Drivers, usage: Usage) => number];

const bitsPerByte = 8;
const figures: readonly Figure[] = [
  ['translations to speakers, a second', ({ partialResults, finalResults }) => partialResults + finalResults],
  ['translations to listeners, a second', ({ listenerFrames }) => listenerFrames],
  ['edge, CPU in % of a core', (_, { edgeCpu }) => 100 * edgeCpu],
  ['worker, CPU in % of a core', (_, { workerCpu }) => 100 * workerCpu],
  ['Redis, CPU in % of a core', (_, { redisCpu }) => 100 * redisCpu],
  ['edge, memory in MiB', (_, { edgeMemory }) => edgeMemory / 1024 ** 2],
  ['to clients, Mbit/s', (_, { clientBytes }) => (bitsPerByte * clientBytes) / 1e6],
  ['to and from Redis, Mbit/s', (_, { redisBytes }) => (bitsPerByte * redisBytes) / 1e6],
];

/** Compares what the model predicts for a load, from nothing but its size, with what was measured. */
export function checksOf(predicted: Drivers, measured: MeasuredPoint, costs: Costs): Check[] {
  const usage = usageOf(costs, predicted);
  return figures
    .map(([figure, of]) => ({
      load: measured.name,
      figure,
      predicted: of(predicted, usage),
      measured: of(measured.drivers, measured.usage),
    }))
    .filter((check) => check.predicted > 0 || check.measured > 0);
}

export function checkTable(checks: readonly Check[]): BenchTable {
  const rows = checks.map(({ load, figure, predicted, measured }): Cell[] => {
    const ratio = measured === 0 ? '' : (predicted / measured).toFixed(2);
    return [load, figure, digits(predicted), digits(measured), ratio];
  });
  return { columns: ['load', 'figure', 'reckoned', 'measured', 'reckoned / measured'], rows };
}
