/** Jobs that accumulated during an outage of Redis are taken within this time after it. */
const lateAfterMs = 5000;
/** A thread with free capacity takes a waiting job within milliseconds, unless its event loop is blocked. */
const maxIdleMs = 5000;
/** Samples are taken every second. During a longer gap Redis was away, or this process was stalled. */
const maxSampleGapMs = 2500;

/** The state of one queue and of the thread's jobs of this queue. */
export interface IdleSample {
  /** How long the oldest job has waited; `undefined` if none waits. */
  readonly oldestMs: number | undefined;
  /** The number of jobs that the thread has taken so far. */
  readonly taken: number;
  /** Whether the thread has as many jobs as it may. */
  readonly isFull: boolean;
  /** Milliseconds of a monotonic clock. */
  readonly nowMs: number;
}

/** Detects that a thread takes no jobs of a queue although some wait and it has capacity: its consumer is stuck. */
export class IdleDetector {
  #lastSampleMs = -Infinity;
  #taken = 0;
  #idleSinceMs: number | undefined;

  /** Adds a sample. Returns whether the thread has taken nothing for too long. */
  observe({ oldestMs, taken, isFull, nowMs }: IdleSample): boolean {
    const isGap = nowMs - this.#lastSampleMs > maxSampleGapMs;
    const hasTaken = taken !== this.#taken;
    this.#lastSampleMs = nowMs;
    this.#taken = taken;
    if (oldestMs === undefined || oldestMs <= lateAfterMs || hasTaken || isFull) this.#idleSinceMs = undefined;
    else if (this.#idleSinceMs === undefined || isGap) this.#idleSinceMs = nowMs;
    return this.#idleSinceMs !== undefined && nowMs - this.#idleSinceMs >= maxIdleMs;
  }
}
