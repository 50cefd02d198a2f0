import { describe, expect, it } from '@jest/globals';
import { Allowances } from '../../src/limits/allowances.ts';

const rate = { perSecond: 100, burst: 50 };

/** How many frames may be sent at once. */
function frames({ bucket }: ReturnType<Allowances['open']>, nowMs: number): number {
  let count = 0;
  while (bucket.take(nowMs)) count += 1;
  return count;
}

describe('the allowance of a new connection', () => {
  it('is a burst', () => {
    const allowances = new Allowances(rate);
    expect(frames(allowances.open('a', 0), 0)).toBe(50);
    expect(frames(allowances.open('a', 0), 0)).toBe(50);
  });

  it("is what the client's last connection has left, with what has been added since", () => {
    const allowances = new Allowances(rate);
    for (let nowMs = 0; nowMs < 1000; nowMs += 10) {
      const allowance = allowances.open('a', nowMs);
      expect(frames(allowance, nowMs)).toBe(nowMs === 0 ? 50 : 1);
      allowance.close(nowMs);
    }
  });

  it('is a burst again once the last connection would have it', () => {
    const allowances = new Allowances(rate);
    const allowance = allowances.open('a', 0);
    allowance.bucket.charge(1000);
    allowance.close(0);
    expect(frames(allowances.open('a', 990), 990)).toBe(49);
    expect(frames(allowances.open('a', 1000), 1000)).toBe(50);
  });

  it('does not depend on other clients, nor on connections that are open', () => {
    const allowances = new Allowances(rate);
    const [closed, open] = [allowances.open('a', 0), allowances.open('b', 0)];
    for (const allowance of [closed, open]) frames(allowance, 0);
    closed.close(0);
    expect(frames(allowances.open('b', 0), 0)).toBe(50);
  });

  it('is left to one connection only, also if it is closed twice', () => {
    const allowances = new Allowances(rate);
    const allowance = allowances.open('a', 0);
    frames(allowance, 0);
    allowance.close(0);
    allowance.close(0);
    expect(frames(allowances.open('a', 0), 0)).toBe(0);
    expect(frames(allowances.open('a', 0), 0)).toBe(50);
  });
});
