/** A restart takes less, and each worker gives a sign several times a second. */
const patienceMs = 5000;
/** Looks come twice a second. Between two that are farther apart this process or Redis stood still, and so may workers have. */
const longestGapMs = 1500;

/**
 * Notices that there is no worker at all: the sign that worker processes leave in Redis several times a second stays the same.
 * It is compared with itself alone, so the clocks of workers and edge don't matter.
 */
export class WorkerSigns {
  #sign: string | undefined;
  #sinceMs: number | undefined;
  #lookedAtMs = -Infinity;

  /**
   * @param nowMs when the sign was here, however long it took
   * @returns whether there is no worker
   */
  saw(sign: string | undefined, nowMs: number): boolean {
    const gapMs = nowMs - this.#lookedAtMs;
    this.#lookedAtMs = nowMs;
    if (this.#sinceMs === undefined || sign !== this.#sign || gapMs > longestGapMs) {
      this.#sign = sign;
      this.#sinceMs = nowMs;
    }
    return nowMs - this.#sinceMs >= patienceMs;
  }

  /** Redis doesn't tell: what was seen before says nothing of the time after. */
  sawNothing(): void {
    this.#sinceMs = undefined;
  }
}
