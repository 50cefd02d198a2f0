import { describe, expect, it } from '@jest/globals';
import { LimitPauses, RateLimitStore } from '../src/rate-limit/index.ts';
import { ask, endpoint, requestsOf, capacityForFile, settlement } from './rate-limit-fixture.ts';

const { server, redis, store, acquire, statuses } = await capacityForFile();

describe('a pause', () => {
  it('I19, I30: applies to all threads for as long as the engine requested, and is published once', async () => {
    const pauses: number[] = [];
    await new LimitPauses(server.connect()).subscribe(endpoint, (forMs) => pauses.push(forMs));
    const buckets = requestsOf({ perMs: 1 / 1000, capacity: 4 });
    const pause = { ...settlement, call: 'refused', buckets, pauseMs: 2000 };
    await store.release(pause);
    const startedAtMs = performance.now();
    const other = new RateLimitStore(server.connect(), endpoint);
    expect(await other.acquire(ask({ buckets }))).toMatchObject({ status: 'paused' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await store.release(pause);
    const { status, retryAfterMs } = await acquire({ buckets });
    expect(status).toBe('paused');
    expect(retryAfterMs).toBeLessThanOrEqual(1950);
    await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    // A single test call is granted; the bucket refills from the end of the pause.
    expect(await statuses(3, { buckets })).toContain('no-capacity');
    expect(performance.now() - startedAtMs).toBeGreaterThan(1990);
    expect(pauses).toEqual([2000]);
  });

  it('ends at once if the clock was set back', async () => {
    const buckets = requestsOf({ perMs: 1 / 10, capacity: 4 });
    await acquire({ buckets });
    const later = Date.now() + 86_400_000;
    await redis.hset(`rl:{${endpoint}}`, { at: later, pausedUntil: later, ratedAt: later, requests: 0 });
    await redis.zadd(`rl:{${endpoint}}:turns`, later, 'session');
    expect((await acquire({ buckets, kind: 'partial', session: 'session' })).status).toBe('no-capacity');
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect((await acquire({ buckets, kind: 'partial', session: 'session' })).status).toBe('granted');
  });
});
