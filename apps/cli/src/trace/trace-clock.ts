import { setTimeout as sleep } from 'node:timers/promises';

/** Keeps the beat of a trace: pauses add up without drift, however late each timer comes. */
export class TraceClock {
  readonly #speed: number;
  #dueMs = performance.now();

  /** @param speed 2 plays twice as fast as it was spoken */
  constructor(speed: number) {
    this.#speed = speed;
  }

  /**
   * Waits until `pauseMs` of the talk have passed since the last call; `false` where `signal` was aborted before.
   */
  async pause(pauseMs: number, signal: AbortSignal): Promise<boolean> {
    this.#dueMs += pauseMs / this.#speed;
    const waitMs = this.#dueMs - performance.now();
    try {
      if (waitMs > 0) await sleep(waitMs, undefined, { signal });
    } catch {
      return false;
    }
    return !signal.aborted;
  }
}
