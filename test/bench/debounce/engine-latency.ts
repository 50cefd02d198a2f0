/** The latency of a whole reply: log-normal, given by median and 95th percentile in ms. */
export interface EngineModel {
  readonly name: string;
  readonly medianMs: number;
  readonly p95Ms: number;
}

/** Those of `ENGINE_LATENCY`. */
export const engineModels: readonly EngineModel[] = [
  { name: 'fast', medianMs: 180, p95Ms: 350 },
  { name: 'typical', medianMs: 600, p95Ms: 1400 },
];

/** The 95th percentile of the standard normal distribution. */
const z95 = 1.6449;

/** @param random returns numbers in [0, 1) */
export function drawLatencyMs({ medianMs, p95Ms }: EngineModel, random: () => number): number {
  const sigma = Math.log(p95Ms / medianMs) / z95;
  // Box-Muller transform.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return medianMs * Math.exp(sigma * normal);
}
