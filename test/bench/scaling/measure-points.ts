import type { BenchOptions } from '../bench.ts';
import { measurePoint, type MeasureTimes } from './measure-point.ts';
import type { MeasuredPoint } from './measured-point.ts';
import type { Point } from './points.ts';

/** Measures loads one after the other, each on a pipeline of its own. */
export async function measurePoints(
  points: readonly Point[],
  times: MeasureTimes,
  { tell, signal }: Pick<BenchOptions, 'tell' | 'signal'>,
): Promise<MeasuredPoint[]> {
  const measured: MeasuredPoint[] = [];
  for (const point of points) {
    const found = await measurePoint(point, times, signal);
    measured.push(found);
    const { edgeCpu, workerCpu, redisCpu } = found.usage;
    const cores = [edgeCpu, workerCpu, redisCpu].map((value) => value.toFixed(3)).join(' + ');
    tell(`${point.name}: ${cores} cores (edge + worker + Redis), load average ${found.loadAverage.toFixed(1)}`);
  }
  return measured;
}
