/** A value at a time since the beginning of the run. */
export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

/** A straight line through samples, by least squares. */
export interface Trend {
  readonly mean: number;
  /** How much the value changes in an hour. */
  readonly perHour: number;
  /** The standard error of `perHour`. */
  readonly standardError: number;
}

const hourMs = 3_600_000;
/** So that the standard error stays finite. */
const maxCorrelation = 0.99;

/**
 * Fits a line to samples that were taken at regular intervals. Memory depends on what it was ten seconds ago, so the samples are
 * not independent: their number is reduced by the correlation of successive residuals (lag 1).
 *
 * @returns `undefined` with fewer than three samples
 */
export function trendOf(samples: readonly Sample[]): Trend | undefined {
  if (samples.length < 3) return undefined;
  const meanMs = meanOf(samples.map(({ atMs }) => atMs));
  const mean = meanOf(samples.map(({ value }) => value));
  const hours = samples.map(({ atMs }) => (atMs - meanMs) / hourMs);
  const spread = sumOf(hours.map((hour) => hour ** 2));
  const perHour = sumOf(samples.map(({ value }, index) => (hours[index] ?? 0) * (value - mean))) / spread;
  const residuals = samples.map(({ value }, index) => value - mean - (hours[index] ?? 0) * perHour);
  const squares = sumOf(residuals.map((residual) => residual ** 2));
  const correlation = correlationOf(residuals, squares);
  const independent = Math.sqrt(squares / (samples.length - 2) / spread);
  return { mean, perHour, standardError: independent * Math.sqrt((1 + correlation) / (1 - correlation)) };
}

function correlationOf(residuals: readonly number[], squares: number): number {
  if (squares === 0) return 0;
  const products = sumOf(residuals.slice(1).map((residual, index) => residual * (residuals[index] ?? 0)));
  return Math.min(Math.max(products / squares, 0), maxCorrelation);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function meanOf(values: readonly number[]): number {
  return sumOf(values) / values.length;
}
