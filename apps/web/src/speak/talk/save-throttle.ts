export interface SaveThrottleOptions {
  /** Takes time that grows with what there is to save, so it must not run for every message. */
  readonly save: () => void;
  /** The least time between two saves, in milliseconds (default 1000). */
  readonly intervalMs?: number;
}

/**
 * Saves at the first change, and then at most once per interval while there are changes. Before the page goes, or what is
 * saved is read, `flush` saves what has not been saved yet.
 */
export class SaveThrottle {
  readonly #save: () => void;
  readonly #intervalMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDue = false;

  constructor({ save, intervalMs = 1000 }: SaveThrottleOptions) {
    this.#save = save;
    this.#intervalMs = intervalMs;
  }

  /** Something to save has changed. */
  changed(): void {
    this.#isDue = true;
    if (this.#timer === undefined) this.#saveAndWait();
  }

  /** Saves now if there was a change since the last time. */
  flush(): void {
    if (this.#isDue) this.#saveAndWait();
  }

  /** Forgets changes that are not saved. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isDue = false;
  }

  #saveAndWait(): void {
    this.cancel();
    this.#save();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flush();
    }, this.#intervalMs);
  }
}
