import { describe, expect, it } from '@jest/globals';
import type { WorkShare } from '@parley/queues';
import { FairQueue } from '../src/partials/fair-queue.ts';

function queueOf(work: readonly WorkShare[]): FairQueue<WorkShare> {
  const queue = new FairQueue<WorkShare>();
  for (const piece of work) queue.add(piece, piece);
  return queue;
}

function served(queue: FairQueue<WorkShare>, count = Infinity): WorkShare[] {
  const taken: WorkShare[] = [];
  for (let next = queue.next(); next !== undefined; next = queue.next()) if (taken.push(next) >= count) break;
  return taken;
}

function repeat(count: number, piece: WorkShare): WorkShare[] {
  return Array.from({ length: count }, () => piece);
}

describe('a fair queue', () => {
  it('I13: serves tenants in turn, regardless of their number of sessions', () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ tenant: 'a', session: `a${index}`, cost: 1 }));
    const order = served(queueOf([...many, ...repeat(5, { tenant: 'b', session: 'b1', cost: 1 })]), 11);
    expect(order.map(({ tenant }) => tenant).join('')).toBe('ababababab' + 'a');
  });

  it('I13: serves tenants by cost', () => {
    const order = served(
      queueOf([
        ...repeat(100, { tenant: 'a', session: 'a1', cost: 10 }),
        ...repeat(1000, { tenant: 'b', session: 'b1', cost: 1 }),
      ]),
    );
    for (const count of [110, 220, 550]) {
      const cost = (name: string): number =>
        order.slice(0, count).reduce((sum, { tenant, cost }) => sum + (tenant === name ? cost : 0), 0);
      expect(Math.abs(cost('a') - cost('b'))).toBeLessThanOrEqual(10);
    }
  });

  it('I13: serves the sessions of a tenant by cost, within the share of their tenant', () => {
    const order = served(
      queueOf([
        ...repeat(40, { tenant: 'a', session: 'pasting', cost: 5 }),
        ...repeat(10, { tenant: 'a', session: 'speaking', cost: 1 }),
        ...repeat(40, { tenant: 'b', session: 'b1', cost: 2 }),
      ]),
      20,
    );
    const cost = (name: string): number =>
      order.reduce((sum, { session, cost }) => sum + (session === name ? cost : 0), 0);
    expect(Math.abs(cost('pasting') - cost('speaking'))).toBeLessThanOrEqual(5);
    expect(Math.abs(cost('pasting') + cost('speaking') - cost('b1'))).toBeLessThanOrEqual(5);
  });

  it('I13: leaves nobody waiting for ever, however much comes later', () => {
    const queue = queueOf([
      { tenant: 'b', session: 'b1', cost: 1 },
      { tenant: 'a', session: 'a1', cost: 100 },
    ]);
    const order: string[] = [];
    while (!order.includes('a')) {
      queue.add({ tenant: 'b', session: `b${order.length}`, cost: 1 }, { tenant: 'b', session: '', cost: 1 });
      order.push(queue.next()?.tenant ?? '');
    }
    expect(order.length).toBeLessThanOrEqual(3);
  });

  it('gives a tenant that was idle no more than its share, and charges nobody for what was free', () => {
    const queue = queueOf(repeat(10, { tenant: 'a', session: 'a1', cost: 1 }));
    served(queue, 5);
    for (const piece of repeat(10, { tenant: 'b', session: 'b1', cost: 1 })) queue.add(piece, piece);
    const next = served(queue, 6).map(({ tenant }) => tenant);
    expect(next.filter((tenant) => tenant === 'b')).toHaveLength(3);
    served(queue);
    expect(queue.isEmpty).toBe(true);
    for (const tenant of ['a', 'b']) queue.add({ tenant, session: 's', cost: 1 }, { tenant, session: 's', cost: 1 });
    expect(served(queue).map(({ tenant }) => tenant)).toEqual(['a', 'b']);
  });

  it('does not serve what was taken back', () => {
    const queue = new FairQueue<string>();
    const takeBack = queue.add({ tenant: 'a', session: 'a1', cost: 1 }, 'first');
    queue.add({ tenant: 'a', session: 'a2', cost: 1 }, 'second');
    takeBack();
    takeBack();
    expect(queue.oldest()).toEqual(new Map([['a2', 'second']]));
    expect(queue.next()).toBe('second');
    expect(queue.next()).toBeUndefined();
    expect(queue.isEmpty).toBe(true);
  });
});
