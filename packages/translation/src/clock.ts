import { setTimeout as sleep } from 'node:timers/promises';

/** Source of time, replaceable in tests. */
export interface Clock {
  /** Monotonic time in milliseconds. */
  now(): number;
  /** Resolves after `delayMs`; rejects as soon as `signal` is aborted. */
  delay(delayMs: number, signal: AbortSignal): Promise<void>;
}

/** The machine's own monotonic clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  delay: (delayMs, signal) => sleep(delayMs, undefined, { signal }),
};
