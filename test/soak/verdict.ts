import type { Trend } from './trend.ts';

/** `unclear`: the run was too short, or the value varies too much, to tell. */
export type Verdict = 'flat' | 'growing' | 'unclear';

/** The growth in an hour that is still flat, as a share of the mean. */
export const maxGrowthAnHour = 0.05;
/** 95 of 100 such intervals contain the slope. */
const standardErrors = 2;

/** Judges whether a value grows: by the interval of two standard errors around its slope, which is below or above the limit. */
export function verdictOf(trend: Trend | undefined): Verdict {
  if (trend === undefined) return 'unclear';
  const limit = maxGrowthAnHour * trend.mean;
  const uncertainty = standardErrors * trend.standardError;
  if (trend.perHour - uncertainty > limit) return 'growing';
  return trend.perHour + uncertainty <= limit ? 'flat' : 'unclear';
}
