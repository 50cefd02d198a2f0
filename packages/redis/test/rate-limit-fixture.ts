import { beforeEach } from '@jest/globals';
import type { Buckets, StoreReply, StoreRequest } from '@parley/translation';
import { limitedEndpoint, RateLimitStore } from '../src/rate-limit/index.ts';
import { redisForFile } from './redis-for-file.ts';

export const endpoint = limitedEndpoint('https://api.example.com/v1', 'sk-secret', 'good');

/** A bucket without noticeable refill during a test. */
export const still = (capacity: number) => ({ perMs: 1e-9, capacity });

export const requestsOf = (requests: Buckets['requests']): Buckets => ({ requests, tokens: undefined });

export const settlement = { moreTokens: 0, reported: undefined, pauseMs: undefined };

let calls = 0;

/** A request for a permit; by default for a final, in a bucket of four. */
export const ask = (given: Partial<StoreRequest>): StoreRequest => ({
  call: `call ${calls++}`,
  kind: 'final',
  tenant: undefined,
  session: undefined,
  tokens: 0,
  buckets: requestsOf(still(4)),
  reserve: 0.25,
  isMade: false,
  ...given,
});

/** The rate limiter of `endpoint` for the tests of one file; it is reset before each test. */
export async function capacityForFile() {
  const { server, redis } = await redisForFile();
  // The limiter state need not survive a crash of Redis, so tests need no disk writes.
  await redis.config('SET', 'appendfsync', 'no');
  beforeEach(async () => {
    await redis.flushall();
  });
  const store = new RateLimitStore(redis, endpoint);
  const acquire = (given: Partial<StoreRequest> = {}): Promise<StoreReply> => store.acquire(ask(given));
  const statuses = async (count: number, given: Partial<StoreRequest> = {}): Promise<string[]> => {
    const answers: string[] = [];
    for (let index = 0; index < count; index++) answers.push((await acquire(given)).status);
    return answers;
  };
  return { server, redis, store, acquire, statuses };
}
