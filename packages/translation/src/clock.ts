import { setTimeout as sleep } from 'node:timers/promises';

/** Time, so that whoever waits can be tested without waiting. */
export interface Clock {
  /** Milliseconds since some fixed moment; it never runs backwards. */
  now(): number;
  /** Resolves after `delayMs`; rejects as soon as `signal` is aborted. */
  delay(delayMs: number, signal: AbortSignal): Promise<void>;
}

/** The machine's own monotonic clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  delay: (delayMs, signal) => sleep(delayMs, undefined, { signal }),
};
