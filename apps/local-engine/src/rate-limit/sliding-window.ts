import type { Allowance, Rate } from './allowance.ts';

/** The amount used in one slice of time, and when it expires. */
interface Slice {
  readonly amount: number;
  readonly freeMs: number;
}

/** Usage is recorded per slice of the window, so that the cost doesn't grow with the limit. */
const slicesPerWindow = 1000;

/** Allows at most `limit` in any window. Usage counts for one window, plus at most a thousandth of it. */
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
