import pLimit, { type LimitFunction } from 'p-limit';

/** Each takes a few milliseconds, most of which it waits for Redis. */
const maxAtOnce = 32;

/**
 * Lets so many clients in at once; further ones wait for their turn. When a thousand come at the same moment, the messages of those
 * who are in would otherwise wait until each step is done for all of them.
 */
export type Arrivals = LimitFunction;

/** Creates the gate of an edge. What waits for its turn must not wait for another turn within it. */
export function createArrivals(): Arrivals {
  return pLimit(maxAtOnce);
}
