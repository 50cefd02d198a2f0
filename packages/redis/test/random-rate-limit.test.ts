import { describe, expect, it } from '@jest/globals';
import { bucketFor } from '@parley/translation';
import { seededRandom, testSeed } from '../../../test/harness/seeded-random.ts';
import { endpoint, requestsOf, capacityForFile } from './rate-limit-fixture.ts';

const { redis, acquire } = await capacityForFile();

describe('room under a rate limit, at random', () => {
  it('I29, I30: never more is given than the limit in any minute, and what is offered above it never closes it', async () => {
    const random = seededRandom(testSeed('room under a rate limit, at random'));
    const perMinute = 600;
    const buckets = requestsOf(bucketFor(perMinute));
    // A minute of Redis' clock in a second or so: the moment of the last look is put back instead of waiting.
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
