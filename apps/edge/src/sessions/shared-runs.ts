/**
 * Runs a task one at a time. Whoever asks while it runs shares the next run with all others that ask meanwhile. That one begins
 * after they have asked, so it takes into account whatever they have changed before.
 */
export class SharedRuns<Result> {
  #running: Promise<Result> | undefined;
  #next: Promise<Result> | undefined;

  /**
   * @param task always the same one
   * @returns the result of a run that begins now or later; rejects as the task does
   */
  run(task: () => Promise<Result>): Promise<Result> {
    if (this.#next !== undefined) return this.#next;
    if (this.#running === undefined) return this.#start(task);
    this.#next = this.#running.catch(() => undefined).then(() => this.#start(task));
    return this.#next;
  }

  #start(task: () => Promise<Result>): Promise<Result> {
    this.#next = undefined;
    const running = task().finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }
}
