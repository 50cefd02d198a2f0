import { cacheRedisUrl, type Config } from '@parley/config';
import { CacheStore, connectCache, createTranslationMemory } from '@parley/redis/cache';
import { uniqueName } from '@parley/redis/connection';
import { SingleflightStore } from '@parley/redis/singleflight';
import type { Logger, WorkerMetrics } from '@parley/telemetry';
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
}

/** What a thread remembers where translations are cached: a few thousand sentences, as long as a partial's are cached. */
const cacheMemory = { maxBytes: 8 * 1024 * 1024, ttlMs: 5 * 60_000 };
/** Where they are not: the results of shared calls, as long as Redis has them. */
const resultMemory = { maxBytes: 2 * 1024 * 1024, ttlMs: 5000 };
/** What it remembers of long partials where there is no cache. */
const pieceMemory = { maxBytes: 2 * 1024 * 1024, ttlMs: 5 * 60_000 };

/**
 * What a consumer's engine is asked through. The connection that it opens is closed with `opened`.
 *
 * @throws nothing where the Redis of the cache is away: work goes on without it
 */
export async function openTranslations(
  { config, engine, spending, metrics, logger }: TranslationsOptions,
  opened: AsyncDisposableStack,
): Promise<TranslationService> {
  const makesKey = translationKeys({ identity: (kind) => engine.identity(kind), shared: config.CACHE_SHARED });
  const common = { clock: systemClock, random: Math.random, newMember: uniqueName };
  const asking = { engine, spending, retry: retryPolicy, longestWaitMs, ...common };
  const reusePieces = config.CACHE ? undefined : pieceReuse(makesKey);
  if (!config.CACHE && !config.SINGLEFLIGHT) return createTranslationService({ ...asking, reusePieces });

  const redis = opened.adopt(
    await connectCache(cacheRedisUrl(config), {
      onError: (error) => logger.warn({ err: error }, 'the Redis of the cache has trouble'),
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
    ...common,
    keyOf: makesKey,
    cache: config.CACHE,
    memory: createTranslationMemory(config.CACHE ? cacheMemory : resultMemory),
    singleflight: config.SINGLEFLIGHT,
    shared,
    onSaved,
    onPartialLookUp: (result) => metrics.partialLookedUp(result),
  };
  return createTranslationService({ ...asking, reuse, reusePieces });
}

/** Without a cache, the pieces of a long partial are remembered all the same, for their own session alone. */
function pieceReuse(makesKey: ReuseOptions['keyOf']): ReuseOptions {
  return {
    keyOf: (request) => {
      const key = makesKey(request);
      return key === undefined ? undefined : `${request.session} ${key}`;
    },
    cache: true,
    memory: createTranslationMemory(pieceMemory),
    singleflight: true,
    clock: systemClock,
    random: Math.random,
    newMember: uniqueName,
    onSaved: () => undefined,
  };
}
