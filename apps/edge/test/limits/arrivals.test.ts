import { expect, it } from '@jest/globals';
import { Arrivals, decideAtOnce } from '../../src/limits/arrivals.ts';

it('lets few clients in at once, each as soon as there is room', async () => {
  const arrivals = new Arrivals();
  const begun: PromiseWithResolvers<undefined>[] = [];
  const all = Array.from({ length: 100 }, () =>
    arrivals.letIn(() => {
      const one = Promise.withResolvers<undefined>();
      begun.push(one);
      return one.promise;
    }),
  );
  await new Promise(setImmediate);
  expect(begun).toHaveLength(32);
  begun[5]?.resolve(undefined);
  begun[6]?.reject(new Error('refused'));
  await expect(all[6]).rejects.toThrow('refused');
  await new Promise(setImmediate);
  expect(begun).toHaveLength(34);
  while (begun.length < 100) {
    for (const one of begun) one.resolve(undefined);
    await new Promise(setImmediate);
  }
  for (const one of begun) one.resolve(undefined);
  await Promise.allSettled(all);
});

it('lets others in while some hang', async () => {
  const arrivals = new Arrivals();
  const hang = Promise.withResolvers<undefined>();
  const hanging = Array.from({ length: 64 }, () => arrivals.letIn(() => hang.promise));
  await expect(arrivals.letIn(() => Promise.resolve('in'))).resolves.toBe('in');
  hang.resolve(undefined);
  await Promise.all(hanging);
});

it.each([
  ['fewer while the event loop is saturated', 32, 0.86, 25],
  ['few, but some, however busy it is', 2, 1, 2],
  ['more while it has time', 10, 0.85, 11],
  ['no more than usual', 31, 0, 32],
])('lets in %s', (_what, current, utilization, expected) => {
  expect(decideAtOnce(current, utilization)).toBe(expected);
});

it('lets those in who wait as soon as the event loop has time again', async () => {
  const arrivals = new Arrivals();
  for (let measurement = 0; measurement < 20; measurement++) arrivals.adapt(1);
  let begun = 0;
  const hang = Promise.withResolvers<undefined>();
  const all = Array.from({ length: 10 }, () =>
    arrivals.letIn(() => {
      begun++;
      return hang.promise;
    }),
  );
  await new Promise(setImmediate);
  expect(begun).toBe(2);
  for (let measurement = 0; measurement < 40; measurement++) arrivals.adapt(0);
  await new Promise(setImmediate);
  expect(begun).toBe(10);
  hang.resolve(undefined);
  await Promise.all(all);
});
