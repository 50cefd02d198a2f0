import { Redis } from 'ioredis';

const timeoutMs = 5000;

/** The Redis that a variable names does not answer. */
export class GivenRedisError extends Error {
  override readonly name = 'GivenRedisError';
}

/**
 * Resolves when the Redis at this URL answers: asked once, before anything that needs it is started.
 *
 * @throws GivenRedisError that names host and port, and the reason
 */
export async function reachGivenRedis(variable: 'REDIS_URL' | 'CACHE_REDIS_URL', url: string): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    retryStrategy: () => null,
  });
  // What a command rejects with is only that the connection is closed; the reason comes as an event, before that.
  let reason: Error | undefined;
  redis.on('error', (error: Error) => (reason ??= error));
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    const cause = reason ?? (error as Error);
    throw new GivenRedisError(`the Redis of ${variable}, ${new URL(url).host}, can't be used: ${cause.message}`, {
      cause,
    });
  } finally {
    redis.disconnect();
  }
}
