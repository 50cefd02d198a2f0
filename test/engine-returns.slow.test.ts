import { describe, expect, it } from '@jest/globals';
import { endpoint, sayWhileAway, startVendor, status, surviveAbsence, type Way } from './engine-returns/vendor.ts';
import { startStack } from './harness/index.ts';

describe('an engine that is away for long while a final is retried', () => {
  it.concurrent.each<[string, Way, number, number, number]>([
    ['with 529 for all but the last moment', status(529), 12_000, 1, 18],
    ['with 502', status(502), 12_000, 20, 50],
  ])('I3: %s (%#) fails none, and is called a few times', (_what, ...absence) => surviveAbsence(...absence), 60_000);

  it.concurrent(
    'I30: without a retry hint for 20 s costs few calls and no final',
    async () => {
      await using vendor = await startVendor();
      await using stack = await startStack({ engines: () => [endpoint('only', vendor)] });
      await vendor.become(status(429, {}, { message: 'Requests rate limit exceeded' }));
      await sayWhileAway(stack, 5, () => vendor.become('well'), 20_000);
      expect(vendor.callsAtMs.length).toBeLessThan(40);
    },
    90_000,
  );
});
