import { cacheRedisServers, type Config } from '@parley/config';
import { CacheStore, connectCache, createTranslationMemory } from '@parley/redis/cache';
import { uniqueName } from '@parley/redis/connection';
import { SingleflightStore } from '@parley/redis/singleflight';
import { redisErrorReason, type Logger, type WorkerMetrics } from '@parley/telemetry';
import {
  createTranslationService,
  accountOf,
  systemClock,
  translationKeys,
  typicalCallTokens,
  type Engine,
  type JobRequest,
  type ReuseOptions,
  type SavedBy,
  type SharedTranslations,
  type Spending,
  type TranslationService,
} from '@parley/translation';
import { longestWaitMs, retryPolicy } from './engine-options.ts';

export interface TranslationsOptions {
  readonly config: Config;
  readonly engine: Engine;
  readonly spending: Pick<Spending, 'budgetStatus' | 'saved'>;
  readonly metrics: WorkerMetrics;
  readonly logger: Logger;
  /** See `TranslationServiceOptions`. */
  readonly trySlot?: () => Disposable | undefined;
}

/** A thread's memory when caching is on: a few thousand sentences, for as long as translations of partials are cached. */
const cacheMemory = { maxBytes: 8 * 1024 * 1024, ttlMs: 5 * 60_000 };
/** When caching is off: results of shared calls, for as long as Redis keeps them. */
const resultMemory = { maxBytes: 2 * 1024 * 1024, ttlMs: 5000 };
/** When caching is off: pieces of long partials. */
const pieceMemory = { maxBytes: 2 * 1024 * 1024, ttlMs: 5 * 60_000 };

/**
 * Creates the translation service of a consumer; its connection is added to `opened`. Does not fail if the cache's Redis is
 * unavailable.
 */
export async function openTranslations(
  { config, engine, spending, metrics, logger, trySlot }: TranslationsOptions,
  opened: AsyncDisposableStack,
): Promise<TranslationService> {
  const keyOf = translationKeys({ identity: (kind) => engine.identity(kind), shared: config.CACHE_SHARED });
  const chance = { clock: systemClock, random: Math.random };
  const calling = { engine, spending, retry: retryPolicy, longestWaitMs, trySlot, ...chance };
  const reusePieces = config.CACHE ? undefined : pieceReuse(keyOf);
  if (!config.CACHE && !config.SINGLEFLIGHT) return createTranslationService({ ...calling, reusePieces });

  const redis = opened.adopt(
    await connectCache(cacheRedisServers(config), {
      onError: (error) => logger.warn({ err: error, reason: redisErrorReason(error) }, 'cache Redis connection failed'),
      onFailure: () => metrics.cacheFailed(),
    }),
    (connection) => connection.disconnect(),
  );
  const shared: SharedTranslations = config.SINGLEFLIGHT
    ? new SingleflightStore(redis, { cached: config.CACHE })
    : new CacheStore(redis);
  const onSaved = (request: JobRequest, by: SavedBy): void => {
    metrics.callSaved(request.kind, by);
    const account = accountOf(request);
    const cause = by === 'memory' || by === 'cache' ? 'cached' : 'joined';
    if (account !== undefined) spending.saved(account, cause, typicalCallTokens(request.text));
  };
  const reuse: ReuseOptions = {
    keyOf,
    cache: config.CACHE,
    memory: createTranslationMemory(config.CACHE ? cacheMemory : resultMemory),
    singleflight: config.SINGLEFLIGHT,
    sharing: { shared, newMember: uniqueName, ...chance },
    clock: systemClock,
    onSaved,
    onPartialLookUp: (result) => metrics.partialLookedUp(result),
  };
  return createTranslationService({ ...calling, reuse, reusePieces });
}

/** Even without a cache, the pieces of a long partial are kept for their own session. */
function pieceReuse(keyOf: ReuseOptions['keyOf']): ReuseOptions {
  return {
    keyOf: (request) => {
      const key = keyOf(request);
      return key === undefined ? undefined : `${request.session} ${key}`;
    },
    cache: true,
    memory: createTranslationMemory(pieceMemory),
    singleflight: true,
    clock: systemClock,
    onSaved: () => undefined,
  };
}
