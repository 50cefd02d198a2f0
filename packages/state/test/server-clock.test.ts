import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import type { Redis } from 'ioredis';
import { startRedis, type TestRedis } from '../../../test/harness/redis.ts';
import { ServerClock } from '../src/index.ts';

let server: TestRedis;
beforeAll(async () => (server = await startRedis()));
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});
afterEach(() => void jest.useRealTimers());

const lookAgainMs = 2000;

/** A connection that stands; from here on, the timer by which a clock looks again goes as the test says. */
async function connected(): Promise<Redis> {
  const redis = server.connect();
  await redis.ping();
  const real = ['setTimeout', 'clearTimeout', 'nextTick', 'setImmediate', 'queueMicrotask', 'performance'] as const;
  jest.useFakeTimers({ doNotFake: [...real] });
  return redis;
}

it('tells the time of Redis, whatever the own clock says, and none while Redis is away', async () => {
  const redis = await connected();
  let now = 7;
  using clock = new ServerClock(redis, () => now);
  expect(clock.nowMs).toBeUndefined();
  await redis.ping();
  const [seconds = NaN] = await redis.time();
  const told = clock.nowMs ?? NaN;
  expect(Math.abs(told - seconds * 1000)).toBeLessThan(60_000);
  now += 90_000;
  expect(clock.nowMs).toBe(told + 90_000);
  const away = new Promise((resolve) => redis.once('close', resolve));
  await server.kill();
  await away;
  jest.advanceTimersByTime(lookAgainMs);
  expect(clock.nowMs).toBeUndefined();
  // Not `once` of node:events: that rejects at the first refused connection.
  const back = new Promise((resolve) => redis.once('ready', resolve));
  await server.start();
  await back;
  await redis.ping();
  expect(clock.nowMs).toBeGreaterThan(told);
});

it('tells nothing where an answer took too long, until one comes in time', async () => {
  const redis = await connected();
  let now = 0;
  using clock = new ServerClock(redis, () => now);
  await redis.ping();
  const told = clock.nowMs ?? NaN;
  jest.advanceTimersByTime(lookAgainMs);
  now = 1000;
  await redis.ping();
  expect(clock.nowMs).toBeUndefined();
  jest.advanceTimersByTime(lookAgainMs);
  await redis.ping();
  // Looked at again: the real clock went on for much less than a second.
  expect(clock.nowMs).toBeGreaterThanOrEqual(told);
  expect(clock.nowMs).toBeLessThan(told + 1000);
});

it('asks once at a time, and forgets what it knew where Redis may be another', async () => {
  const redis = await connected();
  using clock = new ServerClock(redis, () => 0);
  await redis.ping();
  const told = clock.nowMs ?? NaN;
  const late = Promise.withResolvers<number[]>();
  const asked = jest.spyOn(redis, 'time').mockReturnValueOnce(late.promise);
  jest.advanceTimersByTime(3 * lookAgainMs);
  expect(asked).toHaveBeenCalledTimes(1);
  const knewWhenBack = new Promise((resolve) => redis.once('ready', () => resolve(clock.nowMs)));
  redis.disconnect(true);
  expect(await knewWhenBack).toBeUndefined();
  await redis.ping();
  expect(clock.nowMs).toBeGreaterThanOrEqual(told);
  late.resolve([7, 0]);
  await redis.ping();
  expect(clock.nowMs).toBeGreaterThanOrEqual(told);
});
