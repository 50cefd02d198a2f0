import { afterAll, expect, it } from '@jest/globals';
import { startRedis } from '../../../test/harness/redis.ts';
import { QueueConsumer, QueueProducer, partialJobs, type PartialJobData } from '../src/index.ts';

const server = await startRedis();
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

it('I9: runs the job of an open segment again if its handler threw', async () => {
  const redis = server.connect();
  const queues = new QueueProducer(redis, 1, () => undefined);
  const errors: unknown[] = [];
  const [thrown, done] = [Promise.withResolvers<undefined>(), Promise.withResolvers<PartialJobData>()];
  let runs = 0;
  const consumer = new QueueConsumer<PartialJobData>(
    'partial',
    redis,
    ({ data }) => {
      runs++;
      if (runs === 1) {
        thrown.resolve(undefined);
        return Promise.reject(new Error('the subscription was rejected'));
      }
      done.resolve(data);
      return Promise.resolve('done');
    },
    { shard: 0, concurrency: 1, keepJobs: 10, onError: (error) => errors.push(error) },
  );
  await consumer.start();
  const number = String(Date.now() * 1000);
  const jobs = partialJobs('s', [{ segmentId: 1, number, priority: 0 }]);
  await queues.add('partial', jobs);
  await thrown.promise;
  // As by the next partial, for which the same job is due.
  await queues.add('partial', jobs);
  expect(await done.promise).toMatchObject({ segmentId: 1, number });
  expect(errors).toEqual([new Error('the subscription was rejected')]);
  await consumer.close(AbortSignal.abort());
  expect(runs).toBe(2);
  await queues.close();
});

/** A queue with one job, whose handlers run until the test ends, and consumers that lose the job's lock. */
async function heldJob() {
  const redis = server.connect();
  await redis.flushall();
  const queues = new QueueProducer(redis, 1, () => undefined);
  const release = Promise.withResolvers<undefined>();
  const [stalls, waiting]: [number[], (() => void)[]] = [[], []];
  const consume = async (): Promise<QueueConsumer<PartialJobData>> => {
    const consumer = new QueueConsumer<PartialJobData>(
      'partial',
      redis,
      async (work) => {
        stalls.push(work.stalls);
        waiting.shift()?.();
        await release.promise;
        return 'done';
      },
      { shard: 0, concurrency: 10, keepJobs: 10, onError: () => undefined },
    );
    await consumer.start();
    return consumer;
  };
  const taken = (): Promise<undefined> => new Promise((resolve) => waiting.push(() => resolve(undefined)));
  const add = async (): Promise<void> => {
    await queues.add('partial', partialJobs('s', [{ segmentId: 1, number: String(Date.now() * 1000), priority: 0 }]));
  };
  /** As if the worker had been without CPU time for longer than its lock lasts. */
  const loseLock = async (): Promise<void> => {
    const [lock] = await redis.keys('bull:*:lock');
    if (lock !== undefined) await redis.del(lock);
  };
  return { consume, taken, add, loseLock, stalls, release, queues };
}

it('I9: a stall between the end of a handler and the requeueing of its job does not count', async () => {
  const redis = server.connect();
  await redis.flushall();
  const queues = new QueueProducer(redis, 1, () => undefined);
  const stalls: number[] = [];
  const done = Promise.withResolvers<undefined>();
  const consumer = new QueueConsumer<PartialJobData>(
    'partial',
    redis,
    async (work) => {
      stalls.push(work.stalls);
      if (stalls.length > 3) {
        done.resolve(undefined);
        return 'done';
      }
      const [lock] = await redis.keys('bull:*:lock');
      if (lock !== undefined) await redis.del(lock);
      return { againInMs: 0 };
    },
    { shard: 0, concurrency: 1, keepJobs: 10, onError: () => undefined },
  );
  await consumer.start();
  await queues.add('partial', partialJobs('s', [{ segmentId: 1, number: String(Date.now() * 1000), priority: 0 }]));
  await done.promise;
  expect(Math.max(...stalls)).toBeLessThanOrEqual(1);
  await consumer.close(AbortSignal.abort());
  await queues.close();
});

it('I9: a stall that the worker survives does not count, whoever takes the job then', async () => {
  const { consume, taken, add, loseLock, stalls, release, queues } = await heldJob();
  const consumers = [await consume(), await consume()];
  const first = taken();
  await add();
  await first;
  for (let turn = 0; turn < 4; turn++) {
    const again = taken();
    await loseLock();
    await again;
  }
  expect(stalls).toHaveLength(5);
  // The first of them may have taken it before the one that has lost it knew.
  expect(Math.max(...stalls)).toBeLessThanOrEqual(1);
  release.resolve(undefined);
  await Promise.all(consumers.map((consumer) => consumer.close(AbortSignal.abort())));
  await queues.close();
});
