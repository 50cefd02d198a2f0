import type { SessionStability } from '@parley/protocol';
import { stabilityMeasures, type StabilityCounts } from '@parley/translation';

/** Returns the figures that `session.ended` reports for a session's counts, rounded to three decimals. */
export function sessionStability(counts: StabilityCounts): SessionStability {
  const measures = stabilityMeasures(counts);
  return {
    normalizedErasure: rounded(measures.normalizedErasure),
    finalErasure: rounded(measures.finalErasure),
    unitsBehind: rounded(measures.unitsBehind),
    coverage: rounded(measures.coverage),
    contradicted: rounded(measures.contradicted),
  };
}

function rounded(figure: number | undefined): number | undefined {
  return figure === undefined ? undefined : Math.round(figure * 1000) / 1000;
}
