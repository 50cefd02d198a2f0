import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startRedis } from '../../../test/harness/redis.ts';
import { finalJobs, QueueConsumer, QueueProducer, partialJobs } from '../src/index.ts';

const server = await startRedis();
const redis = server.connect();
let queues: QueueProducer;

beforeEach(async () => {
  await redis.flushall();
  queues = new QueueProducer(redis, () => undefined);
});
afterEach(() => queues.close());
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

/** The number of a job created `ms` milliseconds ago. */
const numberFrom = (ms: number): string => String((Date.now() - ms) * 1000);

const partial = (segmentId: number, number: string, priority = 0) =>
  partialJobs('s', [{ segmentId, number, priority }]);
const final = (segmentId: number, number: string, priority = 0) =>
  finalJobs('s', [{ segmentId, target: 'es', number, priority }]);

describe('oldestWaitingMs', () => {
  it('returns the age of the oldest waiting job of both queues', async () => {
    expect(await queues.oldestWaitingMs()).toBeUndefined();
    await queues.add('partial', partial(1, numberFrom(100_000)));
    await queues.add('partial', partial(2, numberFrom(10_000)));
    const oldest = await queues.oldestWaitingMs();
    expect(oldest).toBeGreaterThanOrEqual(99_999);
    expect(oldest).toBeLessThan(150_000);
    await queues.add('final', final(1, numberFrom(200_000)));
    expect(await queues.oldestWaitingMs()).toBeGreaterThanOrEqual(199_999);
  });

  it('ignores prioritized jobs', async () => {
    await queues.add('partial', partial(1, numberFrom(100_000), 1));
    await queues.add('final', final(1, numberFrom(100_000), 7));
    expect(await queues.oldestWaitingMs()).toBeUndefined();
  });

  it('ignores active jobs', async () => {
    await queues.add('partial', partial(1, numberFrom(100_000)));
    const [taken, over] = [Promise.withResolvers<number>(), Promise.withResolvers<'done'>()];
    const consumer = new QueueConsumer(
      'partial',
      redis,
      ({ data }) => {
        taken.resolve(data.segmentId);
        return over.promise;
      },
      { concurrency: 1, keepJobs: 10, onError: () => undefined },
    );
    await consumer.start();
    expect(await taken.promise).toBe(1);
    expect(await queues.oldestWaitingMs()).toBeUndefined();
    await queues.add('partial', partial(2, numberFrom(50_000)));
    expect(await queues.oldestWaitingMs()).toBeLessThan(100_000);
    over.resolve('done');
    await consumer.close(AbortSignal.abort());
  });
});

describe('nextPartialWaitMs', () => {
  it('returns the age of the partial job that is taken next, with or without a priority', async () => {
    await queues.add('final', final(1, numberFrom(100_000)));
    expect(await queues.nextPartialWaitMs()).toBeUndefined();
    await queues.add('partial', partial(1, numberFrom(100_000), 1));
    expect(await queues.nextPartialWaitMs()).toBeGreaterThan(90_000);
    await queues.add('partial', partial(2, numberFrom(10_000)));
    expect(await queues.nextPartialWaitMs()).toBeLessThan(90_000);
  });
});

describe('the job of an open segment', () => {
  it('I9: is queued once, however often it is added', async () => {
    const jobs = partial(1, numberFrom(0));
    await queues.add('partial', jobs);
    await queues.add('partial', jobs);
    await queues.add('partial', [...jobs, ...partial(2, numberFrom(0))]);
    expect(await redis.llen('bull:{parley-partial-0}:wait')).toBe(2);
  });
});
