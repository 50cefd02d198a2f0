import type { MetricsSnapshot } from './metrics-registry.ts';
import { samplesOf, type Sample } from './samples.ts';

export interface MetricsWindowOptions {
  readonly windowMs: number;
  /** The counters and histograms to observe. */
  readonly names: readonly string[];
}

interface Observation {
  readonly atMs: number;
  readonly values: ReadonlyMap<string, number>;
}

/** By how much the counters and histograms of one registry have grown within the last time; to be created with the registry. */
export class MetricsWindow {
  readonly #windowMs: number;
  readonly #names: ReadonlySet<string>;
  /** Of the last window, and one before its start. */
  readonly #observations: Observation[] = [];

  constructor({ windowMs, names }: MetricsWindowOptions) {
    this.#windowMs = windowMs;
    this.#names = new Set(names);
  }

  /**
   * Adds the present values.
   *
   * @param nowMs milliseconds of a monotonic clock
   * @returns the growth since the start of the window, or since the registry was created
   */
  observe(snapshot: MetricsSnapshot, nowMs: number): Sample[] {
    const samples = samplesOf(snapshot, this.#names);
    const startMs = nowMs - this.#windowMs;
    while ((this.#observations[1]?.atMs ?? Infinity) <= startMs) this.#observations.shift();
    const [first] = this.#observations;
    const before = first !== undefined && first.atMs <= startMs ? first.values : undefined;
    this.#observations.push({ atMs: nowMs, values: new Map(samples.map((sample) => [keyOf(sample), sample.value])) });
    return samples.map((sample) => ({ ...sample, value: sample.value - (before?.get(keyOf(sample)) ?? 0) }));
  }
}

function keyOf({ name, labels }: Sample): string {
  return `${name} ${JSON.stringify(labels)}`;
}
