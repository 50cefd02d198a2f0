import { describe, expect, it } from '@jest/globals';
import { BufferBudget } from '../../src/limits/buffer-budget.ts';

/** Accounts of these names, and the names of those that were cut. */
function budgetOf(maxBytes: number, ...names: string[]) {
  const budget = new BufferBudget(maxBytes);
  const cut: string[] = [];
  const accounts = Object.fromEntries(names.map((name) => [name, budget.open(() => void cut.push(name))]));
  return { budget, cut, set: (name: string, bytes: number) => accounts[name]?.set(bytes) };
}

describe('the buffer budget', () => {
  it('cuts the largest account, whoever exceeds the limit', () => {
    const { budget, cut, set } = budgetOf(100, 'large', 'small', 'last');
    set('large', 60);
    set('small', 10);
    set('last', 30);
    expect(cut).toEqual([]);
    set('small', 11);
    expect(cut).toEqual(['large']);
    expect(budget.totalBytes).toBe(41);
  });

  it('cuts as many as are needed, and each once', () => {
    const { budget, cut, set } = budgetOf(100, 'a', 'b', 'c');
    set('a', 40);
    set('b', 50);
    set('c', 95);
    expect(cut).toEqual(['c']);
    set('c', 95);
    expect([cut, budget.totalBytes]).toEqual([['c'], 90]);
    set('a', 200);
    expect([cut, budget.totalBytes]).toEqual([['c', 'a'], 50]);
  });

  it('counts what is buffered now', () => {
    const { budget, cut, set } = budgetOf(100, 'a', 'b');
    for (let round = 0; round < 10; round++) {
      set('a', 90);
      set('a', 0);
      set('b', 90);
      set('b', 0);
    }
    expect([cut, budget.totalBytes]).toEqual([[], 0]);
  });

  it('bears an account that changes while it is cut', () => {
    const budget = new BufferBudget(10);
    const account = budget.open(() => account.set(5));
    account.set(11);
    expect(budget.totalBytes).toBe(0);
  });
});
