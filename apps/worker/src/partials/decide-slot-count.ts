import type { CallCapacity } from '@parley/translation';

/** A busier event loop delays finals, each of which passes it about eight times. */
const maxUtilization = 0.8;
/** Factors by which the limit shrinks and grows at each measurement. */
const decreaseFactor = 0.9;
const increaseFactor = 1.1;
const minCalls = 16;

/** How busy a thread was since the measurement before. */
export interface ThreadLoad {
  /** Of its event loop, from 0 to 1. */
  readonly utilization: number;
  readonly callsInFlight: number;
}

/** The share of an engine's calls that is kept free for the next finals. */
const keptForFinals = 1 / 8;

/**
 * How many calls for partials fit at an engine beside so many other calls. If partials took all its connections, finals would wait
 * for one behind the partials of all tenants.
 */
export function slotsBeside({ calls, lingering }: CallCapacity, otherCalls: number): number {
  if (calls === Infinity) return Infinity;
  return Math.max(1, calls - Math.ceil(calls * keptForFinals) - lingering - otherCalls);
}

/**
 * How many calls for partials a thread may have in flight. While its event loop is saturated, fewer are made: newer revisions
 * then replace those that wait, and finals, which share the loop, stay fast. It is adapted in proportion both ways, so
 * that it recovers within seconds.
 */
export function decideSlotCount(current: number, { utilization, callsInFlight }: ThreadLoad, most: number): number {
  if (utilization <= maxUtilization) return Math.min(most, Math.ceil(current * increaseFactor));
  const lower = Math.floor(Math.min(current, callsInFlight) * decreaseFactor);
  return Math.min(current, Math.max(minCalls, lower));
}
