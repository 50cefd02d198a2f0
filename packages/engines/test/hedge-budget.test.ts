import { describe, expect, it } from '@jest/globals';
import { HedgeBudget } from '../src/failover/hedging/hedge-budget.ts';

describe('HedgeBudget', () => {
  it('never gives more than its share, however the calls come', () => {
    const budget = new HedgeBudget(0.05, 5);
    let [calls, given] = [0, 0];
    for (let call = 0; call < 2000; call++) {
      calls++;
      budget.earn();
      if (call % 7 < 3 && budget.spend()) given++;
      expect(given).toBeLessThanOrEqual(calls * 0.05 + 1e-6);
    }
    expect(given).toBeGreaterThanOrEqual(99);
  });

  it('saves no more than so many', () => {
    const budget = new HedgeBudget(0.05, 5);
    for (let call = 0; call < 1000; call++) budget.earn();
    const given = Array.from({ length: 10 }, () => budget.spend());
    expect(given.filter(Boolean)).toHaveLength(5);
  });
});
