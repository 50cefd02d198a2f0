import { cacheRedisUrl, type Config } from '@parley/config';
import { CacheStore, connectCache, createTranslationMemory, FlightStore, uniqueName } from '@parley/state';
import type { Logger, WorkerMetrics } from '@parley/telemetry';
import {
  createBudgetedService,
  createCachingService,
  createCoalescingService,
  createJoiningService,
  createKeyedService,
  createPiecewiseService,
  createTranslationService,
  payerOf,
  systemClock,
  translationKeys,
  typicalCallTokens,
  type Engine,
  type OnSaved,
  type Spending,
  type TranslationKey,
  type TranslationService,
} from '@parley/translation';
import { longestWaitMs, retryPolicy } from './engine-options.ts';

export interface TranslationsOptions {
  readonly config: Config;
  readonly engine: Engine;
  readonly spending: Pick<Spending, 'standing' | 'saved'>;
  readonly metrics: WorkerMetrics;
  readonly logger: Logger;
}

/** What a thread keeps of its own translations: a few thousand sentences, as long as a partial's are kept elsewhere. */
const memory = { maxBytes: 8 * 1024 * 1024, ttlMs: 5 * 60_000 };

/** What it keeps of long partials where there is no cache. */
const pieceMemory = { maxBytes: 2 * 1024 * 1024, ttlMs: 5 * 60_000 };

/** Every request has got its key by then. */
const keyOf: TranslationKey = ({ key }) => key;

/**
 * What a consumer's engine is asked through: what was translated before is looked up, equal calls are joined, in this
 * thread and over all workers, and failed ones made again. The connection that it opens is closed with `opened`.
 */
export async function openTranslations(
  { config, engine, spending, metrics, logger }: TranslationsOptions,
  opened: AsyncDisposableStack,
): Promise<TranslationService> {
  const chance = { clock: systemClock, random: Math.random };
  const asking = createTranslationService({ engine, retry: retryPolicy, longestWaitMs, ...chance });
  let service = createBudgetedService(asking, spending);
  const makeKey = translationKeys({ identity: (kind) => engine.identity(kind), shared: config.CACHE_SHARED });
  if (!config.CACHE && !config.SINGLEFLIGHT) return piecewise(service, makeKey);

  const redis = opened.adopt(
    await connectCache(cacheRedisUrl(config), {
      onError: (error) => logger.warn({ err: error }, 'the Redis of the cache has trouble'),
      onFailure: () => metrics.cacheFailed(),
    }),
    (connection) => connection.disconnect(),
  );
  const onSaved: OnSaved = (request, by) => {
    metrics.callSaved(request.kind, by);
    const payer = payerOf(request);
    const cause = by === 'memory' || by === 'cache' ? 'cached' : 'joined';
    if (payer !== undefined) spending.saved(payer, cause, typicalCallTokens(request.text));
  };
  if (config.SINGLEFLIGHT) {
    const flights = new FlightStore(redis, { cached: config.CACHE });
    service = createJoiningService(service, { flights, keyOf, newMember: uniqueName, onSaved, ...chance });
    service = createCoalescingService(service, { keyOf, clock: systemClock, onSaved });
  }
  if (!config.CACHE) return piecewise(createKeyedService(service, makeKey), makeKey);
  service = createCachingService(service, {
    keyOf,
    memory: createTranslationMemory(memory),
    // A flight looks there itself, in the same round trip.
    cache: config.SINGLEFLIGHT ? undefined : new CacheStore(redis),
    onSaved,
  });
  service = createKeyedService(service, makeKey);
  return createPiecewiseService(service, service);
}

/**
 * Without a cache, the pieces of a long partial are remembered all the same, for its own session alone: without them each
 * revision would have all of it translated again.
 */
function piecewise(service: TranslationService, makeKey: TranslationKey): TranslationService {
  const nobody: OnSaved = () => undefined;
  const joined = createCoalescingService(service, { keyOf, clock: systemClock, onSaved: nobody });
  const remembered = createCachingService(joined, {
    keyOf,
    memory: createTranslationMemory(pieceMemory),
    onSaved: nobody,
  });
  const ofSession: TranslationKey = (request) => {
    const key = makeKey(request);
    return key === undefined ? undefined : `${request.session} ${key}`;
  };
  return createPiecewiseService(service, createKeyedService(remembered, ofSession));
}
