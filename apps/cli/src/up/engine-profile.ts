import { connectRedis } from '@parley/redis/connection';
import type { RedisServers } from '@parley/redis/servers';
import { EngineProfileStore, type EngineProfile } from '@parley/redis/engine-profile';

const timeoutMs = 5000;

/**
 * Reads what workers at this Redis have learned about their engine. Returns `silent` if the engine has not responded to any
 * of them, and `unknown` if Redis can't be read.
 */
export async function readEngineProfile(servers: RedisServers): Promise<EngineProfile | 'silent' | 'unknown'> {
  try {
    return (await withProfiles(servers, (profiles) => profiles.read())) ?? 'silent';
  } catch {
    return 'unknown';
  }
}

/**
 * Deletes the profile that a private Redis kept from the previous run, which may have used another engine.
 *
 * @throws Error if Redis does not respond
 */
export function forgetEngineProfile(servers: RedisServers): Promise<void> {
  return withProfiles(servers, (profiles) => profiles.delete());
}

async function withProfiles<Result>(
  servers: RedisServers,
  use: (profiles: EngineProfileStore) => Promise<Result>,
): Promise<Result> {
  const redis = connectRedis(servers, { onError: () => undefined, commandTimeoutMs: timeoutMs });
  try {
    return await use(new EngineProfileStore(redis));
  } finally {
    redis.disconnect();
  }
}
