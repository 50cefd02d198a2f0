import type { LanguageTag } from '@parley/protocol';
import { coveredUnits, erasedUnits, unitsBehind } from './measures.ts';
import { readingUnits } from './reading-units.ts';

/** What is counted for one open segment and target: two texts and three numbers, serializable as JSON. */
export interface StabilityTally {
  /** Everything on the screen. */
  readonly shown: string;
  /** The beginning of `shown` that is concluded. */
  readonly concluded: string;
  /** The sum of `erasedUnits` over the updates so far. */
  readonly erased: number;
  /** The sum of `unitsBehind` over the revisions so far. */
  readonly behind: number;
  readonly revisions: number;
}

export const emptyTally: StabilityTally = { shown: '', concluded: '', erased: 0, behind: 0, revisions: 0 };

/** What is on the screen after a revision. */
export interface StabilityUpdate {
  readonly shown: string;
  readonly concluded: string;
  /** The translation of the newest revision, of which `shown` may be the beginning only. */
  readonly newest: string;
}

/** Counts one revision of a segment, whether it changed what is shown or not. */
export function tallyRevision(
  tally: StabilityTally,
  { shown, concluded, newest }: StabilityUpdate,
  language: LanguageTag,
): StabilityTally {
  return {
    shown,
    concluded,
    erased: tally.erased + erasedUnits(tally.shown, shown, language),
    behind: tally.behind + unitsBehind(newest, shown, language),
    revisions: tally.revisions + 1,
  };
}

/** The counts of completed segments. All are additive, so sums over segments, targets and sessions are of the same kind. */
export interface StabilityCounts {
  readonly finalUnits: number;
  /** Including the step to the final. */
  readonly erasedUnits: number;
  /** By the step to the final alone. */
  readonly erasedUnitsAtFinal: number;
  readonly coveredUnits: number;
  readonly concludedUnits: number;
  readonly contradictedUnits: number;
  readonly unitsBehind: number;
  readonly revisions: number;
}

/** Completes a segment's counts with its final, which is shown as it is. */
export function tallyFinal(tally: StabilityTally, final: string, language: LanguageTag): StabilityCounts {
  const erasedUnitsAtFinal = erasedUnits(tally.shown, final, language);
  return {
    finalUnits: readingUnits(final, language).length,
    erasedUnits: tally.erased + erasedUnitsAtFinal,
    erasedUnitsAtFinal,
    coveredUnits: coveredUnits(tally.shown, final, language),
    concludedUnits: readingUnits(tally.concluded, language).length,
    contradictedUnits: erasedUnits(tally.concluded, final, language),
    unitsBehind: tally.behind,
    revisions: tally.revisions,
  };
}

/** Adds the counts of several segments. */
export function sumCounts(all: readonly StabilityCounts[]): StabilityCounts {
  const sum = (countOf: (counts: StabilityCounts) => number): number =>
    all.reduce((total, counts) => total + countOf(counts), 0);
  return {
    finalUnits: sum((counts) => counts.finalUnits),
    erasedUnits: sum((counts) => counts.erasedUnits),
    erasedUnitsAtFinal: sum((counts) => counts.erasedUnitsAtFinal),
    coveredUnits: sum((counts) => counts.coveredUnits),
    concludedUnits: sum((counts) => counts.concludedUnits),
    contradictedUnits: sum((counts) => counts.contradictedUnits),
    unitsBehind: sum((counts) => counts.unitsBehind),
    revisions: sum((counts) => counts.revisions),
  };
}

/** The measures of stability; `undefined`: nothing to divide by. */
export interface StabilityMeasures {
  /**
   * Units erased for each unit of the finals (Arivazhagan et al. 2020, arXiv:1912.03393), over all segments together, so
   * that long segments have more weight.
   */
  readonly normalizedErasure: number | undefined;
  /** The part of `normalizedErasure` that the step to the final causes. */
  readonly finalErasure: number | undefined;
  /** Units behind the newest revision's translation, the mean over revisions. */
  readonly unitsBehind: number | undefined;
  /** The share of the finals' units that were on the screen when the final came. */
  readonly coverage: number | undefined;
  /** The share of the concluded units that the final contradicts; see `StabilityCounts`. */
  readonly contradicted: number | undefined;
}

/** Derives the measures from the counts of one or more segments. */
export function stabilityMeasures(counts: StabilityCounts): StabilityMeasures {
  return {
    normalizedErasure: ratio(counts.erasedUnits, counts.finalUnits),
    finalErasure: ratio(counts.erasedUnitsAtFinal, counts.finalUnits),
    unitsBehind: ratio(counts.unitsBehind, counts.revisions),
    coverage: ratio(counts.coveredUnits, counts.finalUnits),
    contradicted: ratio(counts.contradictedUnits, counts.concludedUnits),
  };
}

function ratio(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}
