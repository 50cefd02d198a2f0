/** A restart takes less, and each worker gives a sign several times a second. */
const patienceMs = 5000;

/**
 * Notices that there is no worker at all: the sign that workers leave in Redis several times a second stays the same. It is
 * compared with itself alone, so the clocks of workers and edge don't matter.
 */
export class WorkerSigns {
  #sign: string | undefined;
  #sinceMs: number | undefined;

  /** @returns whether there is no worker */
  saw(sign: string | undefined, nowMs: number): boolean {
    if (this.#sinceMs === undefined || sign !== this.#sign) {
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
