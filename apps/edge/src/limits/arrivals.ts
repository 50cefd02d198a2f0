import pLimit from 'p-limit';

/** Each takes a few milliseconds, most of which it waits for Redis. */
const maxAtOnce = 32;

/** After this time, the next one gets its place: while Redis hangs, or one of several servers, each takes seconds. */
const maxHeldMs = 1000;

/**
 * Lets so many clients in at once; further ones wait for their turn. When a thousand come at the same moment, the messages of those
 * who are in would otherwise wait until each step is done for all of them.
 *
 * @param enter what lets a client in
 * @returns its result; rejects as it does
 */
export type Arrivals = <Result>(enter: () => Promise<Result>) => Promise<Result>;

/** Creates the gate of an edge. What waits for its turn must not wait for another turn within it. */
export function createArrivals(): Arrivals {
  const limit = pLimit(maxAtOnce);
  return (enter) =>
    new Promise((resolve) => {
      void limit(() => {
        const entered = enter();
        resolve(entered);
        return settledWithin(entered, maxHeldMs);
      });
    });
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
