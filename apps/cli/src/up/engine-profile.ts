import { connectRedis, EngineProfileStore, type EngineProfile } from '@parley/state';

const timeoutMs = 5000;

/**
 * What the workers have learnt of their engine by asking it; `undefined` where it did not answer.
 *
 * @throws Error where Redis can't be asked
 */
export async function readEngineProfile(redisUrl: string): Promise<EngineProfile | undefined> {
  const redis = connectRedis(redisUrl, { onError: () => undefined, commandTimeoutMs: timeoutMs });
  try {
    return await new EngineProfileStore(redis).read();
  } finally {
    redis.disconnect();
  }
}
