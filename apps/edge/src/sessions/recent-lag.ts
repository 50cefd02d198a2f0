/** Enough for a quantile, and little for thousands of sessions. */
const maxKept = 64;
const recentMs = 60_000;

/** How late the last translations of a session were, of the last minute. Times are milliseconds of a monotonic clock. */
export class RecentLag {
  /** A ring. */
  readonly #kept: { readonly atMs: number; readonly lagMs: number }[] = [];
  #next = 0;

  /** Adds a translation. @param lagMs from the arrival of its transcript to its delivery */
  add(lagMs: number, atMs: number): void {
    this.#kept[this.#next] = { atMs, lagMs };
    this.#next = (this.#next + 1) % maxKept;
  }

  /** The lag that 95% of them did not exceed; `undefined` without translations. */
  p95Ms(nowMs: number): number | undefined {
    const recent = this.#kept.filter(({ atMs }) => nowMs - atMs <= recentMs).map(({ lagMs }) => lagMs);
    return recent.sort((one, other) => one - other)[Math.ceil(0.95 * recent.length) - 1];
  }
}
