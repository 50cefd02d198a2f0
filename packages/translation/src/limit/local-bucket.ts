import type { RoomShape } from './bucket-shape.ts';
import type { CallAsk } from './rate-limit.ts';

/** What is left of one thread's own share of an allowance, at a moment of its clock. */
export interface LocalLevel {
  readonly atMs: number;
  readonly requests: number;
  readonly tokens: number;
}

/** Nothing is left: whoever begins to count alone doesn't know what the others have just used. */
export function emptyLevel(atMs: number): LocalLevel {
  return { atMs, requests: 0, tokens: 0 };
}

/**
 * Takes room out of a thread's own buckets. A call that is larger than its bucket fits into a full one.
 *
 * @param reserve the share of a bucket that only finals may use
 * @returns the new level, and 0 or how long it takes until there is room
 */
export function takeLocally(
  level: LocalLevel,
  { kind, tokens }: Pick<CallAsk, 'kind' | 'tokens'>,
  shape: RoomShape,
  reserve: number,
  nowMs: number,
): { readonly level: LocalLevel; readonly waitMs: number } {
  const elapsedMs = Math.max(0, nowMs - level.atMs);
  const costs = { requests: 1, tokens };
  const next = { atMs: nowMs, requests: level.requests, tokens: level.tokens };
  let waitMs = 0;
  for (const limited of ['requests', 'tokens'] as const) {
    const bucket = shape[limited];
    if (bucket === undefined) continue;
    const { perMs, capacity } = bucket;
    next[limited] = Math.min(capacity, level[limited] + elapsedMs * perMs);
    const floor = kind === 'partial' ? capacity * reserve : 0;
    const lacking = Math.min(costs[limited] + floor, capacity) - next[limited];
    if (lacking > tolerance) waitMs = Math.max(waitMs, lacking / perMs);
  }
  if (waitMs > 0) return { level: next, waitMs };
  return { level: { ...next, requests: next.requests - costs.requests, tokens: next.tokens - costs.tokens }, waitMs };
}

/** Levels are sums of fractions: what lacks less than this is there. */
const tolerance = 1e-6;
