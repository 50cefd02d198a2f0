import type { Bench, BenchOptions } from './bench.ts';
import { costTable } from './scaling/cost-tables.ts';
import { fitCosts } from './scaling/costs.ts';
import { measurePoints } from './scaling/measure-points.ts';
import { measureTimes, quickTimes } from './scaling/measure-times.ts';
import { fittedPoints, quickPoint } from './scaling/points.ts';

/** Fits costs to several loads. `npm run model -- --measure` does the same and writes them down. */
export const costsBench: Bench = {
  name: 'costs',
  question: 'What do a session, a partial, a final and a listener cost in edge, worker and Redis?',
  async run({ quick, ...options }: BenchOptions) {
    const [points, times] = quick ? [[quickPoint], quickTimes] : [fittedPoints, measureTimes];
    return costTable(fitCosts(await measurePoints(points, times, options)));
  },
};
