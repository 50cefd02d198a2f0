import { expect, it } from '@jest/globals';
import { createArrivals } from '../../src/limits/arrivals.ts';

it('lets few clients in at once, each as soon as there is room', async () => {
  const arrivals = createArrivals();
  const begun: PromiseWithResolvers<undefined>[] = [];
  const all = Array.from({ length: 100 }, () =>
    arrivals(() => {
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
  const arrivals = createArrivals();
  const hang = Promise.withResolvers<undefined>();
  const hanging = Array.from({ length: 64 }, () => arrivals(() => hang.promise));
  await expect(arrivals(() => Promise.resolve('in'))).resolves.toBe('in');
  hang.resolve(undefined);
  await Promise.all(hanging);
});
