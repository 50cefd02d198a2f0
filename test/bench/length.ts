import { startRedis } from '../harness/index.ts';
import type { Bench, BenchOptions, Cell } from './bench.ts';
import { commitStage } from './length/commit-stage.ts';
import { longText } from './length/long-text.ts';
import { stages, type Stage } from './length/stages.ts';

const lengths = [100, 250, 500, 1000, 2500, 5000, 10_000] as const;
/** Below this length the fixed cost of a call dominates. */
const fittedFrom = 1000;

/** Returns the minimum CPU time of a stage for a text, in ms of this process; other load only increases it. */
async function cpuMs({ run }: Stage, text: string, rounds: number): Promise<number> {
  const repeats = Math.max(1, Math.round(20_000 / text.length));
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    for (let repeat = 0; repeat < repeats; repeat++) await run(text);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000 / repeats);
  }
  return least;
}

/** Returns the exponent of the best-fitting power law (least squares of the logarithms): 1 if linear, 2 if quadratic. */
function exponent(points: readonly (readonly [length: number, cost: number])[]): number {
  const logs = points.map(([length, cost]) => [Math.log(length), Math.log(cost)] as const);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(logs.map(([x]) => x)), mean(logs.map(([, y]) => y))];
  const sum = (of: (x: number, y: number) => number): number =>
    logs.reduce((total, [x, y]) => total + of(x - meanX, y - meanY), 0);
  return sum((x, y) => x * y) / sum((x) => x * x);
}

async function row(stage: Stage, { quick, tell }: BenchOptions): Promise<Cell[]> {
  const costs: (readonly [number, number])[] = [];
  for (const length of lengths) {
    const text = longText(length);
    await cpuMs(stage, text, 1);
    costs.push([length, await cpuMs(stage, text, quick ? 1 : 15)]);
  }
  const fitted = exponent(costs.filter(([length]) => length >= fittedFrom));
  tell(`${stage.name}: ${fitted.toFixed(2)}`);
  return [stage.name, ...costs.map(([, cost]) => cost.toFixed(cost < 1 ? 3 : 2)), fitted.toFixed(2)];
}

/** Measures how the cost of each stage grows with the length of a text. */
export const length: Bench = {
  name: 'length',
  question: 'How much CPU does a text cost at each stage, and how does that grow with its length?',
  async run(options) {
    await using redis = await startRedis();
    const rows: Cell[][] = [];
    for (const stage of [...stages, commitStage(redis.connect())]) rows.push(await row(stage, options));
    return { columns: ['CPU in ms', ...lengths.map(String), 'exponent'], rows };
  },
};
