import { cacheRedisServers, type Config } from '@parley/config';
import { connectCache, SessionEntries } from '@parley/redis/cache';
import { redisErrorReason, type Logger } from '@parley/telemetry';

/**
 * Returns what erases the cached translations of a session, and does nothing if none are cached. It rejects while the cache's
 * Redis is away, and may be called again. Its connection is added to `opened`.
 */
export async function openCacheErasure(
  { config, logger }: { readonly config: Config; readonly logger: Logger },
  opened: AsyncDisposableStack,
): Promise<(sessionId: string) => Promise<void>> {
  if (!config.CACHE) return () => Promise.resolve();
  const redis = opened.adopt(
    await connectCache(cacheRedisServers(config), {
      onError: (error) => logger.warn({ err: error, reason: redisErrorReason(error) }, 'cache Redis connection failed'),
      // The caller logs it.
      onFailure: () => undefined,
    }),
    (connection) => connection.disconnect(),
  );
  const entries = new SessionEntries(redis);
  return (sessionId) => entries.erase(sessionId);
}
