import type { BenchTable, Cell } from '../bench.ts';
import { bytes, digits, percent } from './amounts.ts';
import { checksOf, checkTable, type Check } from './checks.ts';
import { costTable, memoryTable, pointTable } from './cost-tables.ts';
import { fitCosts, type Costs } from './costs.ts';
import type { MeasuredCosts } from './measured-costs.ts';
import { needTable, saturationTable } from './need-tables.ts';
import { driversOf, needsOf, type Conversation } from './needs.ts';
import { checkedPoints } from './points.ts';
import { saturationsOf } from './saturation.ts';
import { scales, type Scale } from './scales.ts';
import { capacityOf, conversationOf, usualAssumptions, type Assumptions } from './workload.ts';

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
  const [first] = sizes;
  if (first === undefined) throw new RangeError('there must be at least one size');
  const costs = fitCosts(measured.points);
  const capacity = capacityOf(assumptions);
  const conversation = conversationOf(assumptions, measured.points);
  const needs = sizes.map((size) => ({
    name: size.name,
    needs: needsOf({ ...conversation, ...size }, costs, capacity),
  }));
  return {
    machine: machineTable(measured),
    points: pointTable(measured.points, costs),
    costs: costTable(costs),
    memory: memoryTable(costs),
    assumptions: assumptionTable(conversation, assumptions),
    needs: needTable(needs),
    saturation: saturationTable(saturationsOf({ ...conversation, ...first }, costs, capacity)),
    checks: checkTable(checksOfRun(measured, costs)),
  };
}

/** Compares measured loads with what the model reckons for them. Their engine answered at once. */
function checksOfRun({ points, checked }: MeasuredCosts, costs: Costs): Check[] {
  const conversation = conversationOf({ ...usualAssumptions, engine: 'none' }, points);
  return checked.flatMap((point) => {
    const load = checkedPoints.find(({ name }) => name === point.name);
    if (load === undefined) throw new Error(`no load to check is named "${point.name}"`);
    const { sessions, targets, listenersPerSession } = load;
    const size = { sessions, targets: targets.length, listeners: sessions * listenersPerSession };
    return checksOf(driversOf({ ...conversation, ...size }), point, costs);
  });
}

function machineTable({ date, machine, windowSeconds }: MeasuredCosts): BenchTable {
  const { processor, cores, memoryGib, node, redis } = machine;
  return {
    columns: ['date', 'machine', 'cores', 'memory', 'Node.js', 'Redis', 'measured for'],
    rows: [[date, processor, cores, `${memoryGib} GiB`, node, redis, `${windowSeconds} s each`]],
  };
}

function assumptionTable(conversation: Conversation, assumptions: Assumptions): BenchTable {
  const { recognizer, engine, cachedShare, utilization } = assumptions;
  const { speech, shownShare, tokensPerCall } = conversation;
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
