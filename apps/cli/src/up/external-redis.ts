import { connectRedis, describeServers, untilReady } from '@parley/redis/connection';
import type { RedisServers } from '@parley/redis/servers';

const timeoutMs = 5000;

/** The Redis configured by a variable does not respond. */
export class ExternalRedisError extends Error {
  override readonly name = 'ExternalRedisError';
}

/**
 * Resolves if the Redis that a variable names responds. The first connection error is the result.
 *
 * @throws ExternalRedisError that names the servers, and the reason
 */
export async function checkExternalRedis(variable: string, servers: RedisServers): Promise<void> {
  const failed = Promise.withResolvers<never>();
  // With several servers, one that fails may be followed by one that does not; the last error is the reason.
  let reason: Error | undefined;
  const isOne = servers.kind === 'standalone';
  const redis = connectRedis(servers, {
    commandTimeoutMs: timeoutMs,
    onError: (error) => {
      reason = error;
      if (isOne) failed.reject(error);
    },
  });
  try {
    await Promise.race([untilReady(redis).then(() => redis.ping()), failed.promise]);
  } catch (error) {
    const cause = reason ?? (error as Error);
    throw new ExternalRedisError(
      `the Redis of ${variable}, ${describeServers(servers)}, can't be used: ${cause.message}`,
      {
        cause,
      },
    );
  } finally {
    redis.disconnect();
  }
}
