import type { Allowance, Rate } from './allowance.ts';

/** Tolerates rounding errors of the level. */
const tolerance = 1e-6;

/**
 * A token bucket like that of OpenAI's limits: it refills continuously at `limit` per window, and its capacity is the
 * refill of `burstMs`, but at least one. Initially full.
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
