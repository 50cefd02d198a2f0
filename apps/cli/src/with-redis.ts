import { cacheRedisServers, loadConfig, redisServers, redisVariable } from '@parley/config';
import { connectRedis, describeServers, type RedisConnection } from '@parley/redis/connection';
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
  run: (redis: RedisConnection) => Promise<Result>,
  variable: 'REDIS_URL' | 'CACHE_REDIS_URL' = 'REDIS_URL',
): Promise<Result> {
  const config = loadConfig(process.env);
  const servers = variable === 'REDIS_URL' ? redisServers(config) : cacheRedisServers(config);
  let lastError: Error | undefined;
  const redis = connectRedis(servers, { onError: (error) => (lastError = error), commandTimeoutMs: redisTimeoutMs });
  try {
    return await run(redis);
  } catch (cause) {
    if (cause instanceof CommandFailure) throw cause;
    const problem = lastError ?? (cause instanceof Error ? cause : undefined);
    const why = problem?.message ?? 'unknown';
    const name = variable === 'REDIS_URL' ? (redisVariable(config) ?? variable) : variable;
    const where = `the Redis of ${name}, ${describeServers(servers)}`;
    const message = `can't ${task} ${where}: ${why}; parley up prints the URL of the Redis that it starts`;
    throw new CommandFailure(message, undefined, { cause });
  } finally {
    redis.disconnect();
  }
}
