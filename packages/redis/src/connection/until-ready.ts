import { once } from 'node:events';
import type { RedisConnection } from './redis-connection.ts';

const timeoutMs = 2000;

/** Redis is unreachable, or rejected the connection. */
export class RedisAwayError extends Error {
  override readonly name = 'RedisAwayError';

  constructor(options?: ErrorOptions) {
    super('Connection is closed.', options);
  }
}

/** Resolves when the connection accepts commands. @throws RedisAwayError after two seconds */
export async function untilReady(redis: RedisConnection): Promise<void> {
  if (redis.status === 'ready') return;
  try {
    await once(redis, 'ready', { signal: AbortSignal.timeout(timeoutMs) });
  } catch (cause) {
    throw new RedisAwayError({ cause });
  }
}
