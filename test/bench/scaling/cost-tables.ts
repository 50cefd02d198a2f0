import type { BenchTable, Cell } from '../bench.ts';
import { bytes, digits, percent } from './amounts.ts';
import { causes, drivers, usageOf, type Costs } from './costs.ts';
import type { Driver, MeasuredPoint, Resource } from './measured-point.ts';

const driverNames: Readonly<Record<Driver, string>> = {
  process: 'a process without load, a second',
  moreProcesses: 'a further edge or worker, a second',
  moreThreads: 'a further thread of a worker, a second',
  sessions: 'an open session, a second',
  listeners: 'a connected listener, a second',
  partials: 'a partial that the speaker sends',
  puts: 'a partial that is put into its segment',
  partialCalls: "an engine call for a partial, without the engine's own CPU",
  partialResults: "a partial's translation, to the speaker",
  finals: 'a final, accepted',
  finalResults: "a final's translation, to the speaker",
  received: 'a translation, to an edge with listeners only',
  listenerFrames: 'a translation to a listener',
  deliveries: 'a message to a further edge',
  permits: 'a call under a rate limit',
};

const msPerSecond = 1000;

function cost(costs: Costs, resource: Resource, driver: Driver, factor: number): Cell {
  return causes[resource].includes(driver) ? digits(costs[resource][driver] * factor) : '';
}

/** CPU in ms and traffic in bytes for each driver; empty where it has no part, 0 where none could be told from noise. */
export function costTable(costs: Costs): BenchTable {
  const rows = drivers.map((driver): Cell[] => [
    driverNames[driver],
    ...(['edgeCpu', 'workerCpu', 'redisCpu', 'cacheCpu'] as const).map((part) =>
      cost(costs, part, driver, msPerSecond),
    ),
    ...(['redisBytes', 'clientBytes'] as const).map((traffic) => cost(costs, traffic, driver, 1)),
  ]);
  const cpu = ['edge ms', 'worker ms', 'Redis ms', "cache's Redis ms"];
  return { columns: ['measured', ...cpu, 'bytes of Redis', 'bytes to clients'], rows };
}

/** Memory in each process, by what is in it. */
export function memoryTable(costs: Costs): BenchTable {
  const of = (resource: Resource, driver: Driver): Cell =>
    causes[resource].includes(driver) ? bytes(costs[resource][driver]) : '';
  const each = (driver: Driver): Cell[] =>
    (['edgeMemory', 'workerMemory', 'redisMemory'] as const).map((resource) => of(resource, driver));
  return {
    columns: ['measured', 'edge', 'worker', 'Redis'],
    rows: [
      ['a process', ...each('process')],
      ['an open session', ...each('sessions')],
      ['a connected listener', ...each('listeners')],
      ['an engine call for a partial a second', ...each('partialCalls')],
      ['a final, in log and transcript', '', '', of('redisGrowth', 'finals')],
      ["a final's translation, in log and transcript", '', '', of('redisGrowth', 'finalResults')],
    ],
  };
}

const cpuParts = ['edgeCpu', 'workerCpu', 'redisCpu'] as const;

/** What was measured, and in brackets what the fitted costs say about the same load. */
export function pointTable(points: readonly MeasuredPoint[], costs: Costs): BenchTable {
  const rows = points.map(({ name, drivers: load, usage, loadAverage }): Cell[] => {
    const fitted = usageOf(costs, load);
    const both = (part: Resource): Cell => `${percent(usage[part])} (${percent(fitted[part])})`;
    const results = digits(load.partialResults + load.finalResults);
    return [name, results, digits(load.listenerFrames), ...cpuParts.map(both), digits(loadAverage)];
  });
  const cpu = ['edge CPU', 'worker CPU', 'Redis CPU'];
  return { columns: ['measured', 'results/s', 'listener frames/s', ...cpu, 'load average'], rows };
}
