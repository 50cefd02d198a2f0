import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bucketShape, type RoomShape, type SharedAnswer, type SharedAsk } from '@parley/translation';
import type { Redis } from 'ioredis';
import { startRedis, type TestRedis } from '../../../test/harness/redis.ts';
import { seededRandom, testSeed } from '../../../test/harness/seeded-random.ts';
import { LimitPauses, limitedEndpoint, RateLimitStore, ThreadCount } from '../src/index.ts';

let server: TestRedis;
let redis: Redis;
let store: RateLimitStore;
const endpoint = limitedEndpoint('https://api.example.com/v1', 'sk-secret', 'good');
beforeAll(async () => {
  server = await startRedis();
  redis = server.connect();
  // Room that is lost with Redis is found again: no test waits for its disk.
  await redis.config('SET', 'appendfsync', 'no');
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await redis.flushall();
  store = new RateLimitStore(redis, endpoint);
});

/** A bucket that gains nothing while a test runs. */
const still = (capacity: number) => ({ perMs: 1e-9, capacity });
const requestsOf = (requests: RoomShape['requests']): RoomShape => ({ requests, tokens: undefined });
let calls = 0;
const ask = (given: Partial<SharedAsk>): SharedAsk => ({
  call: `call ${calls++}`,
  kind: 'final',
  session: undefined,
  tokens: 0,
  shape: requestsOf(still(4)),
  reserve: 0.25,
  isMade: false,
  ...given,
});
const take = (given: Partial<SharedAsk> = {}): Promise<SharedAnswer> => store.take(ask(given));
const statuses = async (count: number, given: Partial<SharedAsk> = {}): Promise<string[]> => {
  const answers: string[] = [];
  for (let index = 0; index < count; index++) answers.push((await take(given)).status);
  return answers;
};
const settlement = { moreTokens: 0, told: undefined, pauseMs: undefined };

describe('room under a rate limit', () => {
  it.each([
    ['URL', 'https://api.example.com/v2', 'sk-secret', 'good'],
    ['key', 'https://api.example.com/v1', 'sk-other', 'good'],
    ['model', 'https://api.example.com/v1', 'sk-secret', 'fast'],
  ])('is counted apart for another %s', async (_what, baseUrl, apiKey, model) => {
    expect(await statuses(5)).toContain('no-room');
    const other = new RateLimitStore(redis, limitedEndpoint(baseUrl, apiKey, model));
    expect(await other.take(ask({}))).toMatchObject({ status: 'granted' });
  });

  it('is given until the bucket is empty, and to finals alone from the reserve on', async () => {
    expect(await statuses(5, { kind: 'partial' })).toEqual(['granted', 'granted', 'granted', 'no-room', 'no-room']);
    expect(await statuses(2)).toEqual(['granted', 'no-room']);
  });

  it('comes back with time', async () => {
    const shape = requestsOf({ perMs: 1 / 50, capacity: 1 });
    expect(await take({ shape })).toMatchObject({ status: 'granted', retryAfterMs: 0 });
    const refused = await take({ shape });
    expect(refused.status).toBe('no-room');
    expect(refused.retryAfterMs).toBeLessThanOrEqual(50);
    await new Promise((resolve) => setTimeout(resolve, refused.retryAfterMs + 1));
    expect(await take({ shape })).toMatchObject({ status: 'granted' });
  });

  it('must be in both buckets', async () => {
    const shape = { requests: still(10), tokens: still(100) };
    expect(await statuses(3, { shape, tokens: 40 })).toEqual(['granted', 'granted', 'no-room']);
    expect(await take({ shape, tokens: 20 })).toMatchObject({ status: 'granted', given: { requests: 3, tokens: 100 } });
  });

  it('is there for a call that is larger than the bucket of tokens, when that is full', async () => {
    const shape = { requests: undefined, tokens: { perMs: 1, capacity: 100 } };
    expect(await take({ shape, tokens: 300 })).toMatchObject({ status: 'granted' });
    const { status, retryAfterMs } = await take({ shape, tokens: 300 });
    expect(status).toBe('no-room');
    expect(retryAfterMs).toBeGreaterThan(250);
    expect(retryAfterMs).toBeLessThanOrEqual(300);
  });

  it('I19: is taken once by a call that asks twice', async () => {
    const shape = requestsOf(still(2));
    const once = ask({ shape });
    const first = await store.take(once);
    expect(await store.take(once)).toEqual(first);
    expect(await take({ shape })).toMatchObject({ status: 'granted' });
    expect(await store.take(once)).toMatchObject({ status: 'granted' });
    expect(await take({ shape })).toMatchObject({ status: 'no-room' });
  });

  it('is counted for a call that was made without asking', async () => {
    expect(await statuses(5, { isMade: true })).toEqual(Array(5).fill('granted'));
    expect(await take()).toMatchObject({ status: 'no-room' });
  });

  it('is corrected once by what a call counted as', async () => {
    const shape = { requests: undefined, tokens: still(100) };
    const call = ask({ shape, tokens: 20 });
    await store.take(call);
    for (let times = 0; times < 2; times++)
      await store.settle({ ...settlement, call: call.call, shape, moreTokens: 30 });
    expect(await take({ shape, tokens: 51 })).toMatchObject({ status: 'no-room' });
    expect(await take({ shape, tokens: 50 })).toMatchObject({ status: 'granted' });
  });

  it.each([
    ['less', 1, 4],
    ['more', 500, 9],
  ])('is corrected downwards alone where the engine says that %s is left', async (_, remaining, left) => {
    const shape = requestsOf(still(10));
    const call = ask({ shape });
    const { given } = await store.take(call);
    const told = { remainingRequests: remaining, remainingTokens: undefined, given, elapsedMs: 10 };
    // Half a bucket is left to what may be on its way.
    await store.settle({ ...settlement, call: call.call, shape, told });
    const answers = await statuses(10, { shape });
    expect(answers.filter((status) => status === 'granted')).toHaveLength(left + (remaining === 1 ? 2 : 0));
  });
});

describe('a pause', () => {
  it('I19, I30: holds everybody for as long as the engine said, though it is told twice, and is told to all', async () => {
    const heard: number[] = [];
    await new LimitPauses(server.connect()).subscribe(endpoint, (forMs) => heard.push(forMs));
    const shape = requestsOf({ perMs: 1 / 1000, capacity: 4 });
    const pause = { ...settlement, call: 'refused', shape, pauseMs: 200 };
    await store.settle(pause);
    const startedAtMs = performance.now();
    const other = new RateLimitStore(server.connect(), endpoint);
    expect(await other.take(ask({ shape }))).toMatchObject({ status: 'paused' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await store.settle(pause);
    const { status, retryAfterMs } = await take({ shape });
    expect(status).toBe('paused');
    expect(retryAfterMs).toBeLessThanOrEqual(150);
    await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    // One call tries; the bucket begins to fill at the end of the pause.
    expect(await statuses(3, { shape })).toContain('no-room');
    expect(performance.now() - startedAtMs).toBeGreaterThan(190);
    expect(heard).toEqual([200]);
  });

  it('of a clock that was put back since then ends at once', async () => {
    const shape = requestsOf({ perMs: 1 / 10, capacity: 4 });
    await take({ shape });
    const later = Date.now() + 86_400_000;
    await redis.hset(`rl:{${endpoint}}`, { at: later, pausedUntil: later, ratedAt: later, requests: 0 });
    await redis.zadd(`rl:{${endpoint}}:turns`, later, 'session');
    expect((await take({ shape, kind: 'partial', session: 'session' })).status).toBe('no-room');
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect((await take({ shape, kind: 'partial', session: 'session' })).status).toBe('granted');
  });
});

describe('sessions', () => {
  it('take turns where the bucket is not half full', async () => {
    const shape = requestsOf({ perMs: 1 / 1000, capacity: 10 });
    const partial = { shape, kind: 'partial', reserve: 0 } as const;
    await statuses(6, { shape, isMade: true });
    expect((await take({ ...partial, session: 'first' })).status).toBe('granted');
    const again = await take({ ...partial, session: 'first' });
    expect(again).toMatchObject({ status: 'paced' });
    expect((await take({ ...partial, session: 'second' })).status).toBe('granted');
    // Two share what is left now.
    expect((await take({ ...partial, session: 'second' })).retryAfterMs).toBeGreaterThan(again.retryAfterMs);
  });

  it('need no turn where there is plenty', async () => {
    const shape = requestsOf(still(100));
    expect(await statuses(10, { shape, kind: 'partial', session: 'one' })).toEqual(Array(10).fill('granted'));
  });
});

describe('at random', () => {
  it('I29, I30: never more is given than the limit in any minute, and what is offered above it never closes it', async () => {
    const random = seededRandom(testSeed('room under a rate limit, at random'));
    const perMinute = 600;
    const shape = requestsOf(bucketShape(perMinute));
    // A minute of Redis' clock in a second or so: the moment of the last look is put back instead of waiting.
    const grantedAtMs: number[] = [];
    let aheadMs = 0;
    for (let step = 0; step < 2000; step++) {
      const passedMs = Math.floor(random() ** 3 * 300);
      aheadMs += passedMs;
      const kind = random() < 0.3 ? 'final' : 'partial';
      await elapse(passedMs);
      const { status, retryAfterMs } = await take({
        shape,
        kind,
        session: `s${Math.floor(random() * 20)}`,
        reserve: 0.2,
      });
      if (status === 'granted') grantedAtMs.push(performance.now() + aheadMs);
      else expect(retryAfterMs).toBeLessThan(10_000);
    }
    for (const from of grantedAtMs) {
      const inAMinute = grantedAtMs.filter((atMs) => atMs >= from && atMs < from + 60_000).length;
      expect(inAMinute).toBeLessThanOrEqual(perMinute);
    }
    await elapse(1000);
    expect((await take({ shape, kind: 'partial', session: 'new' })).status).toBe('granted');
  });

  /** As if so much time had passed: every moment that is kept moves into the past. */
  async function elapse(forMs: number): Promise<void> {
    const key = `rl:{${endpoint}}`;
    const moments: (string | null)[] = await redis.hmget(key, 'at', 'ratedAt', 'pausedUntil');
    const turns = await redis.zrange(`${key}:turns`, '0', '-1', 'WITHSCORES');
    const pipeline = redis.pipeline();
    for (const [index, field] of ['at', 'ratedAt', 'pausedUntil'].entries()) {
      const moment = moments[index];
      if (moment != null) pipeline.hset(key, field, Number(moment) - forMs);
    }
    for (let index = 0; index < turns.length; index += 2) {
      pipeline.zadd(`${key}:turns`, Number(turns[index + 1]) - forMs, turns[index] ?? '');
    }
    await pipeline.exec();
  }
});

describe('what is kept', () => {
  it('runs out, and names no key', async () => {
    await take({ kind: 'partial', session: 'session' });
    using count = await ThreadCount.start(redis, endpoint, 'one');
    expect(count.value).toBe(1);
    const keys = await redis.keys('*');
    expect(keys).toHaveLength(4);
    for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(0);
    expect(keys.join()).not.toContain('secret');
  });

  it('counts the threads that share a limit', async () => {
    using first = await ThreadCount.start(redis, endpoint, 'one');
    {
      using second = await ThreadCount.start(server.connect(), endpoint, 'two');
      expect([first.value, second.value]).toEqual([1, 1]);
    }
    using third = await ThreadCount.start(redis, endpoint, 'three');
    expect(third.value).toBeGreaterThanOrEqual(2);
  });

  it('counts a thread as soon as Redis can be asked, and tells it', async () => {
    using first = await ThreadCount.start(redis, endpoint, 'one');
    const connection = server.connect();
    using second = await ThreadCount.start(connection, endpoint, 'two');
    const counted = (): Promise<void> => new Promise((resolve) => second.onCounted(resolve));
    await counted();
    expect([first.value, second.value]).toEqual([1, 2]);
    await redis.flushall();
    connection.disconnect(true);
    await counted();
    expect(second.value).toBe(1);
  });
});
