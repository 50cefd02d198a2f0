import { expect, it } from '@jest/globals';
import {
  createTranslationService,
  EngineUnavailableError,
  RateLimitReachedError,
  type Clock,
  type RetryPolicy,
} from '@parley/translation';
import { requestFor } from './engine-under-test.ts';
import { startFailover } from './failover-fixture.ts';

const retry: RetryPolicy = {
  baseDelayMs: 100,
  maxDelayMs: 2000,
  deadlineMs: 15_000,
  maxRateLimitWaitMs: 120_000,
};
const roomInMs = 60_000;

/** `one` is broken for good, and `two` has no room for a minute; all of that passes at once. */
function startOutage() {
  let nowMs = 0;
  const clock: Clock = {
    now: () => nowMs,
    delay: (delayMs) => {
      nowMs += delayMs;
      two.reply = nowMs < roomInMs ? new RateLimitReachedError(roomInMs - nowMs) : ['two'];
      return Promise.resolve();
    },
  };
  const { engine, one, two } = startFailover({}, clock);
  one.reply = () => new EngineUnavailableError('down');
  two.reply = new RateLimitReachedError(roomInMs);
  const service = createTranslationService({ engine, retry, longestWaitMs: Infinity, clock, random: () => 0.5 });
  return { service, one, now: () => nowMs };
}

it('a final waits for capacity at one endpoint while another is down, beyond its retry deadline', async () => {
  const { service, one, now } = startOutage();
  const { text } = await service.translateFinal(requestFor({ kind: 'final' }));
  expect(text).toBe('two');
  expect(now()).toBeGreaterThanOrEqual(roomInMs);
  expect(now()).toBeLessThan(roomInMs + 5000);
  // The broken one was tried all the time, as its circuit lets calls through.
  expect(one.calls.length).toBeGreaterThan(10);
});
