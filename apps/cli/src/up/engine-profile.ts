import { connectRedis } from '@parley/redis/connection';
import { EngineProfileStore, type EngineProfile } from '@parley/redis/engine-profile';

const timeoutMs = 5000;

/**
 * Reads what workers at this Redis have learned about their engine. Returns `silent` if the engine has not responded to any
 * of them, and `unknown` if Redis can't be read.
 */
export async function readEngineProfile(redisUrl: string): Promise<EngineProfile | 'silent' | 'unknown'> {
  try {
    return (await withProfiles(redisUrl, (profiles) => profiles.read())) ?? 'silent';
  } catch {
    return 'unknown';
  }
}

/**
 * Deletes the profile that a private Redis kept from the previous run, which may have used another engine.
 *
 * @throws Error if Redis does not respond
 */
export function forgetEngineProfile(redisUrl: string): Promise<void> {
  return withProfiles(redisUrl, (profiles) => profiles.delete());
}

async function withProfiles<Result>(
  redisUrl: string,
  use: (profiles: EngineProfileStore) => Promise<Result>,
): Promise<Result> {
  const redis = connectRedis(redisUrl, { onError: () => undefined, commandTimeoutMs: timeoutMs });
  try {
    return await use(new EngineProfileStore(redis));
  } finally {
    redis.disconnect();
  }
}
