import { describe, expect, it } from '@jest/globals';
import { bucketFor } from '@parley/translation';
import { seededRandom, testSeed } from '../../../test/harness/seeded-random.ts';
import { endpoint, requestsOf, capacityForFile } from './rate-limit-fixture.ts';

const { redis, acquire } = await capacityForFile();

describe('rate-limit permits in random order', () => {
  it('I29, I30: never exceed the limit in any minute, and rejected requests never extend a pause', async () => {
    const random = seededRandom(testSeed('room under a rate limit, at random'));
    const perMinute = 600;
    const buckets = requestsOf(bucketFor(perMinute));
    // Simulates a minute of Redis's clock in about a second by setting back the stored times.
    const grantedAtMs: number[] = [];
    let aheadMs = 0;
    for (let step = 0; step < 2000; step++) {
      const passedMs = Math.floor(random() ** 3 * 300);
      aheadMs += passedMs;
      const kind = random() < 0.3 ? 'final' : 'partial';
      await elapse(passedMs);
      const { status, retryAfterMs } = await acquire({
        buckets,
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
    expect((await acquire({ buckets, kind: 'partial', session: 'new' })).status).toBe('granted');
  });

  /** Simulates elapsed time by moving every stored time into the past. */
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
