import { guideline } from '../guideline.ts';
import type { AtomRun } from './atom-run.ts';
import type { Ending } from './atoms.ts';

/** A range of atoms, up to but without `to`. */
export interface AtomRange {
  readonly from: number;
  readonly to: number;
}

/** What a cue costs, and what it costs to end one at such a place. */
const cueCost = 1;
const endCost: Readonly<Record<Ending, number>> = { sentence: 0, clause: 0.5, word: 1.5, 'inside-word': 4 };
/** A cue narrower than this, in columns, looks like a leftover. */
const leastWidth = 20;
const leftoverCost = 1.5;
const unevenCost = 0.5;

/**
 * Divides a text into cues of at most two lines, with the lowest total cost: few cues, ends of sentences and clauses, no
 * leftovers. Linear in the text, because the number of atoms in a cue is limited by its width.
 *
 * @param maxWidth the maximum width of a cue in columns
 */
export function splitText(run: AtomRun, maxWidth: number): AtomRange[] {
  const count = run.atoms.length;
  const costs = new Float64Array(count + 1).fill(Infinity);
  const starts = new Int32Array(count + 1);
  costs[0] = 0;
  for (let from = 0; from < count; from++) {
    for (const to of possibleEnds(run, from, maxWidth)) {
      const cost = (costs[from] ?? 0) + costOf(run, from, to, maxWidth);
      if (cost >= (costs[to] ?? 0)) continue;
      costs[to] = cost;
      starts[to] = from;
    }
  }
  const ranges: AtomRange[] = [];
  for (let to = count; to > 0; to = starts[to] ?? 0) ranges.push({ from: starts[to] ?? 0, to });
  return ranges.reverse();
}

/** Yields where a cue from this atom may end: all that fits on two lines. */
function* possibleEnds(run: AtomRun, from: number, maxWidth: number): Generator<number> {
  let lineEnd = from + 1;
  for (let to = from + 1; to <= run.atoms.length; to++) {
    const width = run.width(from, to);
    if (width <= guideline.maxLineWidth) lineEnd = to;
    else if (width > maxWidth || run.width(lineEnd, to) > guideline.maxLineWidth) return;
    yield to;
  }
}

function costOf(run: AtomRun, from: number, to: number, maxWidth: number): number {
  const width = run.width(from, to);
  const ending = to === run.atoms.length ? 0 : endCost[run.atoms[to - 1]?.ending ?? 'word'];
  const leftover = leftoverCost * Math.max(0, 1 - width / leastWidth);
  return cueCost + ending + leftover + unevenCost * (1 - width / maxWidth) ** 2;
}
