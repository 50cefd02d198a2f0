import { expect, it } from '@jest/globals';
import { SharedRuns } from '../../src/sessions/shared-runs.ts';

/** A task that ends when it is told to, and what its runs were. */
function heldTask() {
  const runs: PromiseWithResolvers<number>[] = [];
  const task = (): Promise<number> => {
    const run = Promise.withResolvers<number>();
    runs.push(run);
    return run.promise;
  };
  const shared = new SharedRuns<number>();
  return { runs, ask: () => shared.run(task) };
}

it('shares the next run among all who ask during one', async () => {
  const { runs, ask } = heldTask();
  const first = ask();
  const later = [ask(), ask(), ask()];
  expect(runs).toHaveLength(1);
  runs[0]?.resolve(1);
  expect(await first).toBe(1);
  await new Promise(setImmediate);
  expect(runs).toHaveLength(2);
  const afterwards = ask();
  runs[1]?.resolve(2);
  expect(await Promise.all(later)).toEqual([2, 2, 2]);
  await new Promise(setImmediate);
  expect(runs).toHaveLength(3);
  runs[2]?.resolve(3);
  expect(await afterwards).toBe(3);
});

it('begins at once if none runs, and goes on after one has failed', async () => {
  const { runs, ask } = heldTask();
  const first = ask();
  const second = ask();
  runs[0]?.reject(new Error('lost'));
  await expect(first).rejects.toThrow('lost');
  await new Promise(setImmediate);
  runs[1]?.reject(new Error('lost again'));
  await expect(second).rejects.toThrow('lost again');
  const third = ask();
  expect(runs).toHaveLength(3);
  runs[2]?.resolve(3);
  expect(await third).toBe(3);
});
