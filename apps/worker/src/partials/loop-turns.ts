import { setImmediate as nextLoopTurn, setTimeout as delay } from 'node:timers/promises';

/**
 * Spreads work over turns of the event loop, and leaves half of its time to what else waits for the loop: work that has taken long
 * is followed by as long a pause.
 */
export class LoopTurns {
  #last: Promise<unknown> = Promise.resolve();
  #pausedUntilMs = -Infinity;

  /** Resolves when it is the caller's turn, in the order of the calls; at once if no other caller has had this one. */
  async next(): Promise<void> {
    const turn = this.#last;
    this.#last = turn.then(() => this.#pause());
    await turn;
  }

  /** Does the work of a turn. */
  run<Result>(work: () => Result): Result {
    const beganAtMs = performance.now();
    const result = work();
    const endedAtMs = performance.now();
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, endedAtMs) + endedAtMs - beganAtMs;
    return result;
  }

  async #pause(): Promise<void> {
    await nextLoopTurn();
    // Timers don't wait for less.
    for (let ms = this.#leftMs(); ms >= 1; ms = this.#leftMs()) await delay(ms);
  }

  #leftMs(): number {
    return this.#pausedUntilMs - performance.now();
  }
}
