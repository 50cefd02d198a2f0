/** The latencies of the last calls, in milliseconds. */
export class LatencyWindow {
  readonly #size: number;
  readonly #latenciesMs: number[] = [];
  #next = 0;

  /** @param size how many calls are remembered */
  constructor(size: number) {
    this.#size = size;
  }

  get count(): number {
    return this.#latenciesMs.length;
  }

  add(latencyMs: number): void {
    this.#latenciesMs[this.#next] = latencyMs;
    this.#next = (this.#next + 1) % this.#size;
  }

  /**
   * The least latency that this share of the calls did not exceed (nearest rank); `undefined` while there are none.
   *
   * @param share above 0, at most 1
   */
  quantile(share: number): number | undefined {
    const sorted = this.#latenciesMs.toSorted((one, other) => one - other);
    return sorted[Math.ceil(share * sorted.length) - 1];
  }
}
