import pLimit from 'p-limit';

/** Each takes a few milliseconds, most of which it waits for Redis. */
const maxAtOnce = 32;
const minAtOnce = 2;

/** Those who are in wait for a busier event loop. */
const maxUtilization = 0.85;
/** Factors by which the number shrinks and grows at each measurement. */
const decreaseFactor = 0.8;
const increaseFactor = 1.1;

/** After this time, the next one gets its place: while Redis hangs, or one of several servers, each takes seconds. */
const maxHeldMs = 1000;

/**
 * Lets so many listeners in at once; further ones wait for their turn. When a thousand come at the same moment, the messages of those
 * who are in would otherwise wait until each step is done for all of them.
 */
export class Arrivals {
  readonly #limit = pLimit(maxAtOnce);

  /**
   * @param enter what lets a listener in; it must not wait for another turn
   * @returns its result; rejects as it does
   */
  letIn<Result>(enter: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve) => {
      void this.#limit(() => {
        const entered = enter();
        resolve(entered);
        return settledWithin(entered, maxHeldMs);
      });
    });
  }

  /** Adapts the number to how busy the event loop was since the last measurement, from 0 to 1. */
  adapt(utilization: number): void {
    this.#limit.concurrency = decideAtOnce(this.#limit.concurrency, utilization);
  }
}

/** How many listeners are let in at once: fewer while the event loop is saturated. */
export function decideAtOnce(current: number, utilization: number): number {
  return utilization > maxUtilization
    ? Math.max(minAtOnce, Math.floor(current * decreaseFactor))
    : Math.min(maxAtOnce, Math.ceil(current * increaseFactor));
}

/** Resolves when a promise is settled, at the latest after this time. */
function settledWithin(promise: Promise<unknown>, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeoutMs);
    const settled = (): void => {
      clearTimeout(timer);
      resolve();
    };
    promise.then(settled, settled);
  });
}
