import { expect, it } from '@jest/globals';
import { systemClock } from '../src/index.ts';

it('waits, and stops waiting when it is told to', async () => {
  const before = systemClock.now();
  await systemClock.delay(5, new AbortController().signal);
  expect(systemClock.now()).toBeGreaterThan(before);
  const controller = new AbortController();
  const delay = systemClock.delay(60_000, controller.signal);
  controller.abort();
  await expect(delay).rejects.toThrow();
});
