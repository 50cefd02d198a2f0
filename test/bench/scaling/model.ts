import type { BenchTable, Cell } from '../bench.ts';
import { bytes, digits, percent } from './amounts.ts';
import { checksOf, checkTable } from './checks.ts';
import { costTable, memoryTable, pointTable } from './cost-tables.ts';
import { fitCosts } from './costs.ts';
import type { MeasuredCosts } from './measured-costs.ts';
import type { MeasuredPoint } from './measured-point.ts';
import { needTable, saturationTable } from './need-tables.ts';
import { driversOf, needsOf } from './needs.ts';
import { checkedPoints } from './points.ts';
import { saturationsOf } from './saturation.ts';
import { scales, type Scale } from './scales.ts';
import { capacityOf, usualAssumptions, workloadOf, type Assumptions } from './workload.ts';

export const tableNames = [
  'machine',
  'points',
  'costs',
  'memory',
  'assumptions',
  'needs',
  'saturation',
  'checks',
] as const;
export type ModelTables = Readonly<Record<(typeof tableNames)[number], BenchTable>>;

/**
 * Makes all tables of the model.
 *
 * @param sizes a column of the needs for each; parts saturate with sessions like those of the first
 * @throws RangeError if idle processes alone use more than the utilization that is assumed
 */
export function modelTables(
  measured: MeasuredCosts,
  sizes: readonly Scale[] = scales,
  assumptions: Assumptions = usualAssumptions,
): ModelTables {
  const costs = fitCosts(measured.points);
  const capacity = capacityOf(assumptions);
  const needs = sizes.map((size) => ({
    name: size.name,
    needs: needsOf(workloadOf(size, assumptions, measured.points), costs, capacity),
  }));
  const [first] = sizes;
  if (first === undefined) throw new RangeError('there must be at least one size');
  const sample = workloadOf(first, assumptions, measured.points);
  return {
    machine: machineTable(measured),
    points: pointTable(measured.points, costs),
    costs: costTable(costs),
    memory: memoryTable(costs),
    assumptions: assumptionTable(measured, assumptions),
    needs: needTable(needs),
    saturation: saturationTable(saturationsOf(sample, costs, capacity)),
    checks: checkTable(measured.checked.flatMap((point) => checkOf(point, measured))),
  };
}

/** Compares one measured load with what the model reckons for it. */
function checkOf(point: MeasuredPoint, { points }: MeasuredCosts) {
  const load = checkedPoints.find(({ name }) => name === point.name);
  if (load === undefined) throw new Error(`no load to check is named "${point.name}"`);
  const { sessions, targets, listenersPerSession } = load;
  const size = { sessions, targets: targets.length, listeners: sessions * listenersPerSession };
  const workload = workloadOf(size, { ...usualAssumptions, engine: 'none' }, points);
  return checksOf(driversOf(workload), point, fitCosts(points));
}

function machineTable({ date, machine, windowSeconds }: MeasuredCosts): BenchTable {
  const { processor, cores, memoryGib, node, redis } = machine;
  return {
    columns: ['date', 'machine', 'cores', 'memory', 'Node.js', 'Redis', 'measured for'],
    rows: [[date, processor, cores, `${memoryGib} GiB`, node, redis, `${windowSeconds} s each`]],
  };
}

function assumptionTable({ points }: MeasuredCosts, assumptions: Assumptions): BenchTable {
  const { recognizer, engine, cachedShare, utilization } = assumptions;
  const workload = workloadOf({ sessions: 1, targets: 1, listeners: 0 }, assumptions, points);
  const { speech, shownShare, tokensPerCall } = workload;
  const simulated = `simulated: ${recognizer}, engine \`${engine}\``;
  const rows: Cell[][] = [
    ['partials of a session, a second', digits(speech.partials), `counted: the talks, as ${recognizer} heard them`],
    ['finals of a session, a minute', digits(60 * speech.finals), 'counted: the same'],
    ['partials put into segments, a second', digits(speech.puts), simulated],
    ['engine calls for partials of a session and target, a second', digits(speech.partialCalls), simulated],
    ['engine calls for a final and target', digits(speech.finalCalls / speech.finals), simulated],
    ['partials in time of a session and target, a second', digits(speech.partialsInTime), simulated],
    ['of these, shown', percent(shownShare), 'measured, with `STABILITY=balanced`'],
    ['tokens of a call', digits(tokensPerCall), 'measured, as the local engine counts them'],
    ['calls that the cache saves', percent(cachedShare), 'assumed'],
    ['of a core, what a process uses on average', percent(utilization), 'assumed'],
    ['memory that an edge may use', bytes(capacityOf(assumptions).edgeMemory), 'assumed: 80% of the limit in Compose'],
  ];
  return { columns: ['with', 'value', 'origin'], rows };
}
