import { once } from 'node:events';
import type { Redis } from 'ioredis';

/** How long a connection may take to come back before it counts as away. */
const withinMs = 2000;

/** Redis can't be reached, or has not let the connection in. */
export class RedisAwayError extends Error {
  override readonly name = 'RedisAwayError';
}

/** Resolves when the connection takes commands. @throws RedisAwayError after two seconds */
export async function untilReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return;
  try {
    await once(redis, 'ready', { signal: AbortSignal.timeout(withinMs) });
  } catch (cause) {
    throw new RedisAwayError('Connection is closed.', { cause });
  }
}
