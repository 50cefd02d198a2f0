import { describe, expect, it } from '@jest/globals';
import {
  endpoint,
  sayWhileAway,
  startVendor,
  status,
  surviveAbsence,
  toSpanish,
  type Way,
} from './engine-returns/vendor.ts';
import { resultOf, startStack } from './harness/index.ts';
import { startSpeaker } from './harness/speaker.ts';

describe('an engine that recovers while a final is retried', () => {
  it.concurrent.each<[string, Way, number, number, number]>([
    ['with 503 and Retry-After', status(503, { 'retry-after': '2' }), 3000, 1, 3],
    ['with 503 and a Retry-After that is far too long', status(503, { 'retry-after': '120' }), 3000, 1, 3],
    ['with refused connections', 'refuse', 8000, 20, 30],
    ['with cut connections', (answer) => void answer.destroy(), 3000, 1, 20],
  ])('I3: %s (%#) fails none, and is called a few times', (_what, ...absence) => surviveAbsence(...absence), 60_000);

  it.concurrent(
    'I3: is not awaited if another one works',
    async () => {
      await using first = await startVendor();
      await using second = await startVendor();
      await using stack = await startStack({ engines: () => [endpoint('first', first), endpoint('second', second)] });
      await first.become(status(503, { 'retry-after': '5' }));
      expect(await sayWhileAway(stack, 1, () => first.become('well'), 1000)).toBeLessThan(3000);
      expect(second.callsAtMs).toHaveLength(1);
    },
    60_000,
  );

  it.concurrent(
    'I3: is one of two that were both down',
    async () => {
      await using first = await startVendor();
      await using second = await startVendor();
      await using stack = await startStack({ engines: () => [endpoint('first', first), endpoint('second', second)] });
      await first.become('refuse');
      await second.become('refuse');
      expect(await sayWhileAway(stack, 20, () => second.become('well'), 8000)).toBeLessThan(17_000);
    },
    60_000,
  );
});

const google = (message: string, details: object[] = []) => [
  { error: { code: 429, message, status: 'RESOURCE_EXHAUSTED', details } },
];

describe('an engine with a rate limit', () => {
  it.each([
    ['in words', google('You exceeded your quota.\nPlease retry in 2.5s.'), 2500],
    [
      'in RetryInfo',
      google('Quota.', [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2s' }]),
      2000,
    ],
    ['in nothing', google('Resource has been exhausted (e.g. check quota).'), 1000],
  ])(
    'I30: and says for how long %s is left alone so long, and no call is an attempt',
    async (_where, body, leastMs) => {
      await using vendor = await startVendor();
      await using stack = await startStack({ engines: () => [endpoint('only', vendor)] });
      await vendor.become((answer) => {
        answer.writeHead(429, { 'content-type': 'application/json' }).end(JSON.stringify(body));
        if (vendor.callsAtMs.length === 3) void vendor.become('well');
      });
      await using speaker = await startSpeaker(stack.streamUrl(), toSpanish);
      await speaker.session.sendFinal({ segmentId: 1, text: 'Good morning to all.' });
      expect(await speaker.waitForMessage(resultOf(1))).toMatchObject({ type: 'translation.final' });
      const [first = 0, second = 0] = vendor.callsAtMs;
      expect(vendor.callsAtMs).toHaveLength(4);
      expect(second - first).toBeGreaterThanOrEqual(leastMs);
      expect(second - first).toBeLessThan(leastMs + 1500);
      expect(await speaker.end()).toMatchObject({ violations: [] });
    },
    60_000,
  );
});
