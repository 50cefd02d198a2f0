import type { BenchTable, Cell } from '../bench.ts';
import { digits } from './amounts.ts';
import { usageOf, type Costs } from './costs.ts';
import type { Drivers, MeasuredPoint, Usage } from './measured-point.ts';

/** One figure of a load, as the model said and as it was. */
export interface Check {
  readonly load: string;
  readonly figure: string;
  /** From nothing but the size of the load. */
  readonly predicted: number;
  /** From what happened, so that only the costs can be wrong; `undefined` if the figure is what happened. */
  readonly fitted: number | undefined;
  readonly measured: number;
}

type Figure = readonly [name: string, of: (usage: Usage) => number];

const bytesPerMib = 1024 * 1024;
const megabits = (bytes: number): number => (8 * bytes) / 1e6;
const figures: readonly Figure[] = [
  ['edge, CPU in % of a core', ({ edgeCpu }) => 100 * edgeCpu],
  ['worker, CPU in % of a core', ({ workerCpu }) => 100 * workerCpu],
  ['Redis, CPU in % of a core', ({ redisCpu }) => 100 * redisCpu],
  ['edge, memory in MiB', ({ edgeMemory }) => edgeMemory / bytesPerMib],
  ['to clients, Mbit/s', ({ clientBytes }) => megabits(clientBytes)],
  ['to and from Redis, Mbit/s', ({ redisBytes }) => megabits(redisBytes)],
];

/** Compares what the model says about a load with what was measured. */
export function checksOf(predicted: Drivers, measured: MeasuredPoint, costs: Costs): Check[] {
  const load = measured.name;
  const { drivers } = measured;
  const [ofSize, ofDrivers] = [usageOf(costs, predicted), usageOf(costs, drivers)];
  const results = (of: Drivers): number => of.partialResults + of.finalResults;
  const frames =
    predicted.listenerFrames === 0
      ? []
      : [
          {
            figure: 'translations to listeners, a second',
            predicted: predicted.listenerFrames,
            measured: drivers.listenerFrames,
          },
        ];
  const happened = [
    { figure: 'translations to speakers, a second', predicted: results(predicted), measured: results(drivers) },
    ...frames,
  ].map((check) => ({ load, fitted: undefined, ...check }));
  const used = figures.map(([figure, of]) => ({
    load,
    figure,
    predicted: of(ofSize),
    fitted: of(ofDrivers),
    measured: of(measured.usage),
  }));
  return [...happened, ...used];
}

export function checkTable(checks: readonly Check[]): BenchTable {
  const rows = checks.map(({ load, figure, predicted, fitted, measured }): Cell[] => {
    const ratio = (value: number | undefined): string =>
      value === undefined || measured === 0 ? '' : (value / measured).toFixed(2);
    return [load, figure, digits(predicted), digits(measured), ratio(predicted), ratio(fitted)];
  });
  const columns = ['load', 'figure', 'reckoned', 'measured', 'reckoned / measured', 'the same, from what happened'];
  return { columns, rows };
}
