import { guideline } from '../guideline.ts';
import { AtomRun } from './atom-run.ts';
import { atomsOf, type Ending } from './atoms.ts';

/** In columns of difference between the two lines that a better place to break is worth. */
const breakCost: Readonly<Record<Ending, number>> = { sentence: 0, clause: 4, word: 10, 'inside-word': 40 };
const overflowCost = 1000;

/**
 * Breaks a text into at most two lines, after punctuation where possible, of similar width. A text wider than two lines
 * of 42 columns results in longer lines.
 */
export function wrapText(text: string): string[] {
  const run = new AtomRun(atomsOf(text));
  return breakLines(run, 0, run.atoms.length);
}

/** Breaks a range of atoms into one or two lines. */
export function breakLines(run: AtomRun, from: number, to: number): string[] {
  if (to <= from) return [];
  const isShort = run.width(from, to) <= guideline.maxLineWidth;
  if (isShort || to - from === 1) return [run.text(from, to)];
  let best = { cost: Infinity, at: from + 1 };
  for (let at = from + 1; at < to; at++) {
    const cost = costOf(run, from, at, to);
    if (cost < best.cost) best = { cost, at };
  }
  return [run.text(from, best.at), run.text(best.at, to)];
}

function costOf(run: AtomRun, from: number, at: number, to: number): number {
  const [first, second] = [run.width(from, at), run.width(at, to)];
  const overflow = Math.max(0, first - guideline.maxLineWidth) + Math.max(0, second - guideline.maxLineWidth);
  const ending = breakCost[run.atoms[at - 1]?.ending ?? 'word'];
  // Of two equal breaks the one with the shorter first line, which hides less of the picture.
  return overflow * overflowCost + ending + Math.abs(first - second) / 2 + (first > second ? 1 : 0);
}
