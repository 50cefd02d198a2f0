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
