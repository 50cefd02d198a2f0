import type { EngineLoad } from './decide-in-flight.ts';

/** Maximum and minimum number of calls for the median. */
const maxSamples = 100;
const leastCalls = 20;
/** Older calls are discarded. */
const keptForMs = 60_000;
const limitedForMs = 10_000;

/** Measures the engine by the partials' calls of this consumer. */
export class EngineLoadMeter {
  readonly #now: () => number;
  readonly #headroom: () => number | undefined;
  #calls: { readonly atMs: number; readonly durationMs: number }[] = [];
  #limitedAtMs = -Infinity;

  /**
   * @param now monotonic clock, in milliseconds
   * @param headroom the recently unused share of the rate limit, if known
   */
  constructor(now: () => number, headroom: () => number | undefined = () => undefined) {
    this.#now = now;
    this.#headroom = headroom;
  }

  called(durationMs: number): void {
    this.#calls.push({ atMs: this.#now(), durationMs });
    if (this.#calls.length > maxSamples) this.#calls.shift();
  }

  rateLimited(): void {
    this.#limitedAtMs = this.#now();
  }

  load(): EngineLoad {
    const now = this.#now();
    this.#calls = this.#calls.filter(({ atMs }) => now - atMs <= keptForMs);
    const durations = this.#calls.map(({ durationMs }) => durationMs).sort((one, other) => one - other);
    return {
      medianMs: durations.length < leastCalls ? undefined : durations[Math.floor(durations.length / 2)],
      rateLimited: now - this.#limitedAtMs <= limitedForMs,
      headroom: this.#headroom(),
    };
  }
}
