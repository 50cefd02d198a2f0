import { connectRedis } from '@parley/redis/connection';
import { EngineProfileStore, type EngineProfile } from '@parley/redis/engine-profile';

const timeoutMs = 5000;

/**
 * What workers at this Redis have learnt of their engine by asking it. `silent`: it has answered none of them; `unknown`:
 * that can't be told.
 */
export async function readEngineProfile(redisUrl: string): Promise<EngineProfile | 'silent' | 'unknown'> {
  try {
    return (await withProfiles(redisUrl, (profiles) => profiles.read())) ?? 'silent';
  } catch {
    return 'unknown';
  }
}

/**
 * A private Redis keeps what the workers of the last start have learnt, maybe of another engine.
 *
 * @throws Error where Redis can't be asked
 */
export function forgetEngineProfile(redisUrl: string): Promise<void> {
  return withProfiles(redisUrl, (profiles) => profiles.delete());
}

async function withProfiles<Result>(
  redisUrl: string,
  ask: (profiles: EngineProfileStore) => Promise<Result>,
): Promise<Result> {
  const redis = connectRedis(redisUrl, { onError: () => undefined, commandTimeoutMs: timeoutMs });
  try {
    return await ask(new EngineProfileStore(redis));
  } finally {
    redis.disconnect();
  }
}
