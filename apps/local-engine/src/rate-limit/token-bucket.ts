import type { Allowance, Rate } from './allowance.ts';

/** Levels are sums of fractions: what lacks less than this is there. */
const tolerance = 1e-6;

/**
 * A token bucket as OpenAI's limits behave: it refills continuously, at `limit` a window, and holds what comes in
 * `burstMs`, but at least one. Full at first.
 */
export function tokenBucket(rate: Rate, nowMs: number): Allowance {
  const capacity = Math.max(1, (rate.limit * rate.burstMs) / rate.windowMs);
  const perMs = rate.limit / rate.windowMs;

  function at(filled: number, filledMs: number): Allowance {
    const level = (atMs: number): number => Math.min(capacity, filled + Math.max(0, atMs - filledMs) * perMs);
    return {
      limit: rate.limit,
      waitMs: (amount, atMs) => {
        if (amount > capacity) return Infinity;
        const lacking = amount - level(atMs);
        return lacking <= tolerance ? 0 : lacking / perMs;
      },
      use: (amount, atMs) => at(Math.max(0, level(atMs) - amount), atMs),
      left: (atMs) => ({
        remaining: Math.floor(level(atMs) + tolerance),
        resetMs: (capacity - level(atMs)) / perMs,
      }),
    };
  }

  return at(capacity, nowMs);
}
