import { setTimeout as sleep } from 'node:timers/promises';

/** Times the playback of a trace. Late timers don't add up to a drift. */
export class TraceClock {
  readonly #speed: number;
  #dueMs = performance.now();

  /** @param speed 2 plays twice as fast as recorded */
  constructor(speed: number) {
    this.#speed = speed;
  }

  /** Waits until `pauseMs` of the trace have passed since the last call. Returns `false` if `signal` is aborted. */
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

/** Numbers the partials of each segment from 1. */
export class RevisionCounter {
  readonly #last = new Map<number, number>();

  next(segmentId: number): number {
    const revision = (this.#last.get(segmentId) ?? 0) + 1;
    this.#last.set(segmentId, revision);
    return revision;
  }
}
