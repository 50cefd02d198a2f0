import type { Redis } from 'ioredis';

/** Redis did not answer in time. */
export class RedisUnreachableError extends Error {
  override readonly name = 'RedisUnreachableError';
}

/** Resolves when Redis answers. @throws RedisUnreachableError after `timeoutMs` */
export async function untilReady(redis: Redis, timeoutMs: number): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new RedisUnreachableError(`Redis did not answer within ${timeoutMs} ms`));
  }, timeoutMs);
  try {
    await Promise.race([redis.ping(), late]);
  } finally {
    clearTimeout(timer);
  }
}
