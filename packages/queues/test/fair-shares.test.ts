import { describe, expect, it } from '@jest/globals';
import { FairShares } from '../src/fair-shares.ts';

interface Work {
  readonly tenant: string;
  readonly session: string;
  readonly cost: number;
}

/** Places all work at once, and returns it in the order of service. */
function inOrder(work: readonly Work[]): Work[] {
  const shares = new FairShares();
  const placed = work.map((piece, index) => ({ piece, index, ...shares.place(piece) }));
  placed.sort((one, other) => one.finish - other.finish || one.index - other.index);
  return placed.map(({ piece }) => piece);
}

function repeat(count: number, piece: Work): Work[] {
  return Array.from({ length: count }, () => piece);
}

function costOf(work: readonly Work[], tenant: string): number {
  return work.filter((piece) => piece.tenant === tenant).reduce((sum, { cost }) => sum + cost, 0);
}

describe('fair shares', () => {
  it('I13: go to tenants by cost, not by the number of pieces', () => {
    const order = inOrder([
      ...repeat(20, { tenant: 'a', session: 'a1', cost: 30 }),
      ...repeat(20, { tenant: 'b', session: 'b1', cost: 1 }),
    ]);
    // The twenty short pieces cost less than one long one.
    expect(order.slice(0, 20).every(({ tenant }) => tenant === 'b')).toBe(true);
    const even = inOrder([
      ...repeat(100, { tenant: 'a', session: 'a1', cost: 10 }),
      ...repeat(1000, { tenant: 'b', session: 'b1', cost: 1 }),
    ]);
    for (const served of [110, 220, 550]) {
      const first = even.slice(0, served);
      expect(Math.abs(costOf(first, 'a') - costOf(first, 'b'))).toBeLessThanOrEqual(10);
    }
  });

  it('I13: go to tenants, regardless of their number of sessions', () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ tenant: 'a', session: `a${index}`, cost: 1 }));
    const order = inOrder([...many, ...repeat(5, { tenant: 'b', session: 'b1', cost: 1 })]);
    const places = order.flatMap(({ tenant }, index) => (tenant === 'b' ? [index] : []));
    expect(places).toEqual([1, 3, 5, 7, 9]);
  });

  it('I13: go to the sessions of one tenant by cost', () => {
    const order = inOrder([
      ...repeat(80, { tenant: 'a', session: 'pasting', cost: 1 }),
      ...['one', 'two', 'three'].map((session) => ({ tenant: 'a', session, cost: 1 })),
    ]);
    // A session's first piece waits for as many as there are sessions before it.
    const last = Math.max(...['one', 'two', 'three'].map((name) => order.findIndex(({ session }) => session === name)));
    expect(last).toBeLessThanOrEqual(6);
  });

  it('I13: leave nobody waiting for ever, however much comes later', () => {
    const shares = new FairShares();
    const long = shares.place({ tenant: 'a', session: 'a1', cost: 100 });
    let served = 0;
    for (let next = shares.place({ tenant: 'b', session: 'b1', cost: 1 }); next.finish < long.finish; served++) {
      shares.served(next.finish);
      next = shares.place({ tenant: 'b', session: 'b1', cost: 1 });
    }
    expect(served).toBe(99);
  });

  it('cost nobody anything for tenants that are idle, or for what was free', () => {
    const shares = new FairShares();
    const idle = Array.from({ length: 50 }, (_, index) => ({ tenant: `idle${index}`, session: 's', cost: 1000 }));
    for (const piece of idle) shares.place(piece);
    shares.idle();
    expect(shares.place({ tenant: 'idle0', session: 's', cost: 1 })).toEqual({ finish: 1, isBehindOwn: false });
    expect(shares.place({ tenant: 'a', session: 's', cost: 1 })).toEqual({ finish: 1, isBehindOwn: false });
    expect(shares.place({ tenant: 'a', session: 's', cost: 1 })).toEqual({ finish: 2, isBehindOwn: true });
  });

  it('count only sessions with unserved work', () => {
    const shares = new FairShares();
    for (let index = 0; index < 10; index++)
      shares.served(shares.place({ tenant: 'a', session: `a${index}`, cost: 1 }).finish);
    expect(shares.place({ tenant: 'a', session: 'last', cost: 1 }).finish).toBe(11);
    shares.served(4);
    expect(shares.place({ tenant: 'b', session: 'b1', cost: 1 }).finish).toBe(11);
  });
});
