import { expect, it } from '@jest/globals';
import { HolderBalance } from '../src/segment/index.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();

it('worker threads report how many segments they hold and expire after some seconds', async () => {
  const [one, other] = [new HolderBalance(redis, 'one'), new HolderBalance(redis, 'other')];
  expect(await one.report(5)).toEqual({ threads: 1, held: 5 });
  expect(await other.report(2)).toEqual({ threads: 2, held: 7 });
  expect(await one.report(4)).toEqual({ threads: 2, held: 6 });
  await redis.hset('segment-holders', 'other', '2 1'); // An expired lease.
  expect(await one.report(4)).toEqual({ threads: 1, held: 4 });
  expect(await redis.hkeys('segment-holders')).toEqual(['one']);
});
