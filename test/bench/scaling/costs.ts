import { fitNonNegative } from './fit.ts';
import type { Driver, Drivers, MeasuredPoint, Resource, Usage } from './measured-point.ts';

/** What one of each driver costs of each resource: cores or bytes. */
export type Costs = Readonly<Record<Resource, Readonly<Record<Driver, number>>>>;

const atRedis = [
  'process',
  'moreProcesses',
  'moreThreads',
  'sessions',
  'listeners',
  'puts',
  'partialResults',
  'finals',
  'finalResults',
  'deliveries',
  'permits',
] as const satisfies readonly Driver[];

/** What can cost anything of a resource. Whatever else happens, the resource has no part in it. */
export const causes: Readonly<Record<Resource, readonly Driver[]>> = {
  edgeCpu: [
    'process',
    'moreProcesses',
    'sessions',
    'listeners',
    'partials',
    'puts',
    'partialResults',
    'finals',
    'finalResults',
    'received',
    'listenerFrames',
  ],
  workerCpu: ['process', 'moreProcesses', 'moreThreads', 'sessions', 'puts', 'partialCalls', 'finalResults', 'permits'],
  redisCpu: atRedis,
  cacheCpu: ['process', 'moreProcesses', 'moreThreads', 'partialCalls', 'finalResults'],
  edgeMemory: ['process', 'moreProcesses', 'sessions', 'listeners'],
  workerMemory: ['process', 'moreProcesses', 'moreThreads', 'partialCalls'],
  redisMemory: ['process', 'sessions', 'listeners'],
  redisGrowth: ['finals', 'finalResults'],
  redisBytes: atRedis,
  clientBytes: ['sessions', 'listeners', 'partialResults', 'finals', 'finalResults', 'listenerFrames'],
};

export const resources = Object.keys(causes) as Resource[];

const noDrivers: Drivers = {
  process: 0,
  moreProcesses: 0,
  moreThreads: 0,
  sessions: 0,
  listeners: 0,
  partials: 0,
  puts: 0,
  partialCalls: 0,
  partialResults: 0,
  finals: 0,
  finalResults: 0,
  received: 0,
  listenerFrames: 0,
  deliveries: 0,
  permits: 0,
};

export const drivers = Object.keys(noDrivers) as Driver[];

/** Errors count relative to what was measured, and to this share of the largest value, so that noise near zero counts little. */
const floorShare = 0.1;

/**
 * Fits what each driver costs to the measured points. A cost that can't be told from zero is 0.
 *
 * @throws Error without points
 */
export function fitCosts(points: readonly MeasuredPoint[]): Costs {
  if (points.length === 0) throw new Error('costs need at least one measured point');
  const fitted = resources.map((resource) => {
    const values = points.map(({ usage }) => usage[resource]);
    const floor = floorShare * Math.max(...values);
    const weights = values.map((value) => (floor === 0 ? 1 : 1 / (value + floor)));
    const rows = points.map((point) => causes[resource].map((driver) => point.drivers[driver]));
    const coefficients = fitNonNegative(rows, values, weights);
    const costs = Object.fromEntries(causes[resource].map((driver, index) => [driver, coefficients[index] ?? 0]));
    return [resource, { ...noDrivers, ...costs }] as const;
  });
  return Object.fromEntries(fitted) as unknown as Costs;
}

/** Returns what a load uses; every driver that is left out is 0. */
export function usageOf(costs: Costs, load: Partial<Drivers>): Usage {
  const used = resources.map((resource) => {
    const amounts = drivers.map((driver) => costs[resource][driver] * (load[driver] ?? 0));
    return [resource, amounts.reduce((sum, amount) => sum + amount, 0)] as const;
  });
  return Object.fromEntries(used) as unknown as Usage;
}
