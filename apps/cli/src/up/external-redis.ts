import { Redis } from 'ioredis';

const timeoutMs = 5000;

/** The Redis configured by a variable does not respond. */
export class ExternalRedisError extends Error {
  override readonly name = 'ExternalRedisError';
}

/**
 * Resolves if the Redis at this URL responds. There is one attempt.
 *
 * @throws ExternalRedisError that names host and port, and the reason
 */
export async function checkExternalRedis(variable: 'REDIS_URL' | 'CACHE_REDIS_URL', url: string): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    retryStrategy: () => null,
  });
  // Commands reject only with "connection closed"; the reason comes in an earlier event.
  let reason: Error | undefined;
  redis.on('error', (error: Error) => (reason ??= error));
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    const cause = reason ?? (error as Error);
    throw new ExternalRedisError(`the Redis of ${variable}, ${new URL(url).host}, can't be used: ${cause.message}`, {
      cause,
    });
  } finally {
    redis.disconnect();
  }
}
