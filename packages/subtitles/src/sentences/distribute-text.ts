import { AtomRun } from '../text/atom-run.ts';
import { atomsOf, type Ending } from '../text/atoms.ts';

/** In shares of the whole text: how far from its proportional place a better cut may be. */
const cutCost: Readonly<Record<Ending, number>> = { sentence: 0, clause: 0.03, word: 0.08, 'inside-word': 0.4 };

/**
 * Divides a text into as many parts as there are weights, in proportion to them, preferably after punctuation. Parts at the
 * end are empty if the text has too few words.
 *
 * @param weights positive numbers
 * @example distributeText('Cuando abrí la puerta, no había nadie.', [20, 14]) // ['Cuando abrí la puerta,', 'no había nadie.']
 */
export function distributeText(text: string, weights: readonly number[]): string[] {
  const run = new AtomRun(atomsOf(text));
  const count = run.atoms.length;
  const width = Math.max(1, run.width(0, count));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const parts: string[] = [];
  let from = 0;
  let weightBefore = 0;
  for (const [index, weight] of weights.entries()) {
    weightBefore += weight;
    const isLast = index === weights.length - 1;
    // Leaves a word for each of the following parts.
    const least = Math.min(from + 1, count);
    const most = Math.max(least, count - (weights.length - 1 - index));
    const to = isLast ? count : bestCut(run, least, most, (weightBefore / total) * width);
    parts.push(run.text(from, to));
    from = to;
  }
  return parts;
}

/** Returns the place to cut between `least` and `most` that is best for a part that should end at this width. */
function bestCut(run: AtomRun, least: number, most: number, idealWidth: number): number {
  const width = Math.max(1, run.width(0, run.atoms.length));
  let best = { cost: Infinity, at: least };
  for (let at = least; at <= most; at++) {
    const offset = run.width(0, at) - idealWidth;
    const cost = Math.abs(offset) / width + cutCost[run.atoms[at - 1]?.ending ?? 'word'];
    if (cost < best.cost) best = { cost, at };
    // Further cuts only get worse.
    if (offset > 0 && offset / width > best.cost) break;
  }
  return best.at;
}
