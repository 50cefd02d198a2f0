/** A speaker says two or three words in this time, so captions delayed by more visibly lag. */
const lateAfterMs = 1000;
/** Jobs that accumulated during a short outage of all workers are started within this time. */
const sustainedMs = 3000;
/** Samples are taken about twice a second. After a longer gap this process or Redis, and maybe workers, were stalled. */
const maxSampleGapMs = 1500;

/**
 * Detects from the age of the oldest waiting job that there is too little capacity: every sample of the last seconds
 * found a job that had waited too long. While there are free slots, jobs don't wait, whatever the load.
 */
export class QueueLatencyMonitor {
  #lastSampleMs = -Infinity;
  #lateSinceMs: number | undefined;

  /**
   * Adds a sample.
   * @param oldestMs how long the oldest job has waited; `undefined` if none waits or it is unknown
   * @param nowMs milliseconds of a monotonic clock
   * @returns whether jobs have waited too long for some seconds
   */
  observe(oldestMs: number | undefined, nowMs: number): boolean {
    const isGap = nowMs - this.#lastSampleMs > maxSampleGapMs;
    this.#lastSampleMs = nowMs;
    if (oldestMs === undefined || oldestMs <= lateAfterMs) this.#lateSinceMs = undefined;
    else if (this.#lateSinceMs === undefined || isGap) this.#lateSinceMs = nowMs;
    return this.#lateSinceMs !== undefined && nowMs - this.#lateSinceMs >= sustainedMs;
  }
}
