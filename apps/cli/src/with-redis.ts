import { cacheRedisUrl, loadConfig, redisUrl } from '@parley/config';
import { connectRedis } from '@parley/redis/connection';
import type { Redis } from 'ioredis';
import { CommandFailure } from './exit-code.ts';

const redisTimeoutMs = 5000;

/**
 * Runs a command on the Redis of a variable, and closes the connection.
 *
 * @param task what the command does, such as `read the usage from`, for the error
 * @throws CommandFailure if Redis can't be used, or one that `run` throws
 */
export async function withRedis<Result>(
  task: string,
  run: (redis: Redis) => Promise<Result>,
  variable: 'REDIS_URL' | 'CACHE_REDIS_URL' = 'REDIS_URL',
): Promise<Result> {
  const config = loadConfig(process.env);
  const url = variable === 'REDIS_URL' ? redisUrl(config) : cacheRedisUrl(config);
  let lastError: Error | undefined;
  const redis = connectRedis(url, { onError: (error) => (lastError = error), commandTimeoutMs: redisTimeoutMs });
  try {
    return await run(redis);
  } catch (cause) {
    if (cause instanceof CommandFailure) throw cause;
    const problem = lastError ?? (cause instanceof Error ? cause : undefined);
    const why = problem?.message ?? 'unknown';
    const where = `the Redis of ${variable}, ${new URL(url).host}`;
    const message = `can't ${task} ${where}: ${why}; parley up prints the URL of the Redis that it starts`;
    throw new CommandFailure(message, undefined, { cause });
  } finally {
    redis.disconnect();
  }
}
