import type { Allowance, Rate } from './allowance.ts';

/** What was used in one slice of time, and when it no longer counts. */
interface Slice {
  readonly amount: number;
  readonly freeMs: number;
}

/** Uses are kept by slices of the window, so that the work doesn't grow with the limit. */
const slicesPerWindow = 1000;

/** At most `limit` in any window: what was used counts for a window, and for up to a thousandth of it longer. */
export function slidingWindow({ limit, windowMs }: Rate): Allowance {
  const sliceMs = windowMs / slicesPerWindow;

  function after(slices: readonly Slice[]): Allowance {
    const counting = (nowMs: number): readonly Slice[] => slices.filter(({ freeMs }) => freeMs > nowMs);
    return {
      limit,
      waitMs: (amount, nowMs) => {
        if (amount > limit) return Infinity;
        const counted = counting(nowMs);
        let used = sum(counted);
        if (used + amount <= limit) return 0;
        const last = counted.find((slice) => (used -= slice.amount) + amount <= limit);
        return (last?.freeMs ?? nowMs) - nowMs;
      },
      use: (amount, nowMs) => {
        const freeMs = (Math.floor(nowMs / sliceMs) + 1) * sliceMs + windowMs;
        const counted = counting(nowMs);
        const last = counted.at(-1);
        if (last?.freeMs !== freeMs) return after([...counted, { amount, freeMs }]);
        return after([...counted.slice(0, -1), { amount: last.amount + amount, freeMs }]);
      },
      left: (nowMs) => {
        const counted = counting(nowMs);
        return { remaining: limit - sum(counted), resetMs: (counted.at(-1)?.freeMs ?? nowMs) - nowMs };
      },
    };
  }

  return after([]);
}

function sum(slices: readonly Slice[]): number {
  return slices.reduce((total, { amount }) => total + amount, 0);
}
