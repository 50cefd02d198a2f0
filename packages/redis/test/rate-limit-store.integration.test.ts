import { describe, expect, it } from '@jest/globals';
import { limitedEndpoint, RateLimitStore, ThreadCount } from '../src/rate-limit/index.ts';
import { limitKeys } from '../src/rate-limit/limit-keys.ts';
import { ask, endpoint, requestsOf, capacityForFile, settlement, still } from './rate-limit-fixture.ts';

const { server, redis, store, acquire, statuses } = await capacityForFile();

describe('rate-limit permits', () => {
  it.each([
    ['URL', 'https://api.example.com/v2', 'sk-secret', 'good'],
    ['key', 'https://api.example.com/v1', 'sk-other', 'good'],
    ['model', 'https://api.example.com/v1', 'sk-secret', 'fast'],
  ])('are counted separately for another %s', async (_what, baseUrl, apiKey, model) => {
    expect(await statuses(5)).toContain('no-capacity');
    const other = new RateLimitStore(redis, limitedEndpoint(baseUrl, apiKey, model));
    expect(await other.acquire(ask({}))).toMatchObject({ status: 'granted' });
  });

  it('are granted until the bucket is empty, and only to finals from the reserve', async () => {
    expect(await statuses(5, { kind: 'partial' })).toEqual([
      'granted',
      'granted',
      'granted',
      'no-capacity',
      'no-capacity',
    ]);
    expect(await statuses(2)).toEqual(['granted', 'no-capacity']);
  });

  it('become available again over time', async () => {
    const buckets = requestsOf({ perMs: 1 / 50, capacity: 1 });
    expect(await acquire({ buckets })).toMatchObject({ status: 'granted', retryAfterMs: 0 });
    const refused = await acquire({ buckets });
    expect(refused.status).toBe('no-capacity');
    expect(refused.retryAfterMs).toBeLessThanOrEqual(50);
    await new Promise((resolve) => setTimeout(resolve, refused.retryAfterMs + 1));
    expect(await acquire({ buckets })).toMatchObject({ status: 'granted' });
  });

  it('need capacity in both buckets', async () => {
    const buckets = { requests: still(10), tokens: still(100) };
    expect(await statuses(3, { buckets, tokens: 40 })).toEqual(['granted', 'granted', 'no-capacity']);
    expect(await acquire({ buckets, tokens: 20 })).toMatchObject({
      status: 'granted',
      granted: { requests: 3, tokens: 100 },
    });
  });

  it('are granted for a call larger than the token bucket when that is full', async () => {
    const buckets = { requests: undefined, tokens: { perMs: 1, capacity: 100 } };
    expect(await acquire({ buckets, tokens: 300 })).toMatchObject({ status: 'granted' });
    const { status, retryAfterMs } = await acquire({ buckets, tokens: 300 });
    expect(status).toBe('no-capacity');
    expect(retryAfterMs).toBeGreaterThan(250);
    expect(retryAfterMs).toBeLessThanOrEqual(300);
  });

  it('I19: are acquired once by a call that is made twice', async () => {
    const buckets = requestsOf(still(2));
    const once = ask({ buckets });
    const first = await store.acquire(once);
    expect(await store.acquire(once)).toEqual(first);
    expect(await acquire({ buckets })).toMatchObject({ status: 'granted' });
    expect(await store.acquire(once)).toMatchObject({ status: 'granted' });
    expect(await acquire({ buckets })).toMatchObject({ status: 'no-capacity' });
  });

  it('are counted for a call that started without one', async () => {
    expect(await statuses(5, { isMade: true })).toEqual(Array(5).fill('granted'));
    expect(await acquire()).toMatchObject({ status: 'no-capacity' });
  });

  it('are corrected once by the actual tokens of a call', async () => {
    const buckets = { requests: undefined, tokens: still(100) };
    const call = ask({ buckets, tokens: 20 });
    await store.acquire(call);
    for (let times = 0; times < 2; times++)
      await store.release({ ...settlement, call: call.call, buckets, moreTokens: 30 });
    expect(await acquire({ buckets, tokens: 51 })).toMatchObject({ status: 'no-capacity' });
    expect(await acquire({ buckets, tokens: 50 })).toMatchObject({ status: 'granted' });
  });

  it.each([
    ['less', 1, 4],
    ['more', 500, 9],
  ])('are only corrected downwards if the engine reports %s as remaining', async (_, remaining, left) => {
    const buckets = requestsOf(still(10));
    const call = ask({ buckets });
    const { granted } = await store.acquire(call);
    const reported = { remainingRequests: remaining, remainingTokens: undefined, granted, elapsedMs: 10 };
    // Half a bucket is added for calls in transit.
    await store.release({ ...settlement, call: call.call, buckets, reported });
    const answers = await statuses(10, { buckets });
    expect(answers.filter((status) => status === 'granted')).toHaveLength(left + (remaining === 1 ? 2 : 0));
  });
});

describe('sessions under a rate limit', () => {
  it('are paced while the bucket is less than half full', async () => {
    const buckets = requestsOf({ perMs: 1 / 1000, capacity: 10 });
    const partial = { buckets, kind: 'partial', reserve: 0 } as const;
    await statuses(6, { buckets, isMade: true });
    expect((await acquire({ ...partial, session: 'first' })).status).toBe('granted');
    const again = await acquire({ ...partial, session: 'first' });
    expect(again).toMatchObject({ status: 'paced' });
    expect((await acquire({ ...partial, session: 'second' })).status).toBe('granted');
    // Two sessions share the rest now.
    expect((await acquire({ ...partial, session: 'second' })).retryAfterMs).toBeGreaterThan(again.retryAfterMs);
  });

  it('are not paced while the bucket is full', async () => {
    const buckets = requestsOf(still(100));
    expect(await statuses(10, { buckets, kind: 'partial', session: 'one' })).toEqual(Array(10).fill('granted'));
  });
});

describe('the limiter state', () => {
  it('expires and contains no key', async () => {
    await acquire({ kind: 'partial', session: 'session' });
    using count = await ThreadCount.start(redis, endpoint, 'one');
    expect(count.value).toBe(1);
    const keys = await redis.keys('*');
    expect(keys).toHaveLength(5);
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

  it('does not count a dead thread for longer after the clock was set back', async () => {
    await redis.zadd(limitKeys(endpoint).threads, Date.now() + 3_600_000, 'dead');
    using count = await ThreadCount.start(redis, endpoint, 'one');
    expect(count.value).toBe(1);
  });

  it('counts a thread as soon as Redis is reachable and calls back', async () => {
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
