import type { StabilityCounts } from '@parley/translation';

/** The fields of a session's hash that contain the sums of its stability counts; finish.lua reads them. */
export type StabilityField = `stability${Capitalize<keyof StabilityCounts>}`;

/** Returns the counts as amounts of the session's fields. */
export function stabilityAmounts(counts: StabilityCounts): Record<StabilityField, number> {
  return {
    stabilityFinalUnits: counts.finalUnits,
    stabilityErasedUnits: counts.erasedUnits,
    stabilityErasedUnitsAtFinal: counts.erasedUnitsAtFinal,
    stabilityCoveredUnits: counts.coveredUnits,
    stabilityConcludedUnits: counts.concludedUnits,
    stabilityContradictedUnits: counts.contradictedUnits,
    stabilityUnitsBehind: counts.unitsBehind,
    stabilityRevisions: counts.revisions,
  };
}
