import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRedis, type TestRedis } from '../../../test/harness/redis.ts';
import { finalJobs, QueueProducer, QueueViews } from '../src/index.ts';

describe('nextJobAgeMs', () => {
  let server: TestRedis;
  beforeAll(async () => (server = await startRedis()));
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  it('returns the age of the job that is taken next, with or without a priority', async () => {
    const redis = server.connect();
    const producer = new QueueProducer(redis, 1, () => undefined);
    const views = new QueueViews(redis, 1, () => undefined);
    const add = (segmentId: number, ageMs: number, priority: number) =>
      producer.add(
        'final',
        finalJobs('s', [{ segmentId, target: 'es', number: String((Date.now() - ageMs) * 1000), priority }]),
      );
    expect(await views.nextJobAgeMs('final')).toBe(0);
    await add(1, 100_000, 3);
    const prioritized = await views.nextJobAgeMs('final');
    expect(prioritized).toBeGreaterThanOrEqual(99_999);
    expect(prioritized).toBeLessThan(150_000);
    await add(2, 200_000, 0);
    await add(3, 10_000, 0);
    expect(await views.nextJobAgeMs('final')).toBeGreaterThanOrEqual(199_999);
    expect(await views.nextJobAgeMs('partial')).toBe(0);
    await views.close();
    await producer.close();
  });
});
