/** Holds second calls to a share of the first ones: each of those earns that share, and a second call takes one whole. */
export class HedgeBudget {
  readonly #share: number;
  readonly #max: number;
  #saved = 0;

  /**
   * @param share second calls for each first one, such as 0.05
   * @param max how many can be saved up, so that a slow spell after a quiet one doesn't double the load
   */
  constructor(share: number, max: number) {
    this.#share = share;
    this.#max = max;
  }

  /** A first call was made. */
  earn(): void {
    this.#saved = Math.min(this.#max, this.#saved + this.#share);
  }

  /** @returns whether a second call may be made; it is taken off then */
  spend(): boolean {
    // A twentieth twenty times is a little less than one.
    if (this.#saved < 1 - 1e-9) return false;
    this.#saved -= 1;
    return true;
  }
}
