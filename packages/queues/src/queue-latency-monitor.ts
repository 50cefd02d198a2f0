/** A speaker says two or three words more in this time: captions that come so much later are seen to lag. */
const longMs = 1000;
/** What piled up while all workers were away for a moment is begun within this. */
const lastingMs = 3000;
/** Looks come twice a second. Between two that are farther apart this process or Redis stood still, and so may workers have. */
const longestGapMs = 1500;

/**
 * Judges by the age of what has waited longest whether work waits for places: it does once every look for some seconds has
 * found something that had waited too long. Where places are free, nothing does, however much is spoken.
 */
export class QueueLatencyMonitor {
  #lookedAtMs = -Infinity;
  #longSinceMs: number | undefined;

  /**
   * @param oldestMs for how long the oldest work has waited; `undefined`: none waits, or it can't be told
   * @param nowMs milliseconds of a clock that never goes back
   * @returns whether work has waited too long for some seconds
   */
  observe(oldestMs: number | undefined, nowMs: number): boolean {
    const isGap = nowMs - this.#lookedAtMs > longestGapMs;
    this.#lookedAtMs = nowMs;
    if (oldestMs === undefined || oldestMs <= longMs) this.#longSinceMs = undefined;
    else if (this.#longSinceMs === undefined || isGap) this.#longSinceMs = nowMs;
    return this.#longSinceMs !== undefined && nowMs - this.#longSinceMs >= lastingMs;
  }
}
