import { describe, expect, it } from '@jest/globals';
import { emptyTally, stabilityMeasures, sumCounts, tallyFinal, tallyRevision } from '../../src/index.ts';

/** `[shown, number of concluded characters, newest]` */
type Step = readonly [string, number, string];

function countsOf(steps: readonly Step[], final: string) {
  const tally = steps.reduce(
    (before, [shown, concluded, newest]) =>
      tallyRevision(before, { shown, concluded: shown.slice(0, concluded), newest }, 'es'),
    emptyTally,
  );
  return tallyFinal(tally, final, 'es');
}

/** Erased: 0, 2 (a gente), 1 (hoy), at the final 1 (mañana). Behind: 1, 0, 2. */
const first = countsOf(
  [
    ['hola a gente', 4, 'hola a gente nueva'],
    ['hola todos hoy', 10, 'hola todos hoy'],
    ['hola todos mañana', 10, 'hola todos por favor'],
  ],
  'hola todos por la mañana',
);

/** A segment whose final contradicts two of three concluded words, in another order. */
const second = countsOf([['el coche rojo', 13, 'el coche rojo']], 'el rojo coche');

describe('tallyFinal', () => {
  it('counts a segment', () => {
    expect(first).toEqual({
      finalUnits: 5,
      erasedUnits: 4,
      erasedUnitsAtFinal: 1,
      coveredUnits: 3,
      concludedUnits: 2,
      contradictedUnits: 0,
      unitsBehind: 3,
      revisions: 3,
    });
  });

  it('counts the concluded words that the final contradicts', () => {
    expect(second).toMatchObject({ concludedUnits: 3, contradictedUnits: 2, coveredUnits: 3, erasedUnitsAtFinal: 2 });
  });

  it('counts a segment that consists of its final only', () => {
    expect(countsOf([], 'hola')).toEqual({
      finalUnits: 1,
      erasedUnits: 0,
      erasedUnitsAtFinal: 0,
      coveredUnits: 0,
      concludedUnits: 0,
      contradictedUnits: 0,
      unitsBehind: 0,
      revisions: 0,
    });
  });

  it('goes on from a tally that another process has serialized', () => {
    const tally = tallyRevision(emptyTally, { shown: 'hola a', concluded: 'hola', newest: 'hola a' }, 'es');
    const restored = JSON.parse(JSON.stringify(tally)) as typeof tally;
    expect(tallyFinal(restored, 'hola', 'es')).toEqual(tallyFinal(tally, 'hola', 'es'));
  });
});

describe('stabilityMeasures', () => {
  it('divides the sums over all segments', () => {
    expect(stabilityMeasures(sumCounts([first, second]))).toEqual({
      normalizedErasure: 6 / 8,
      finalErasure: 3 / 8,
      unitsBehind: 3 / 4,
      coverage: 6 / 8,
      contradicted: 2 / 5,
    });
  });

  it('has no values without segments', () => {
    expect(stabilityMeasures(sumCounts([]))).toEqual({
      normalizedErasure: undefined,
      finalErasure: undefined,
      unitsBehind: undefined,
      coverage: undefined,
      contradicted: undefined,
    });
  });
});
