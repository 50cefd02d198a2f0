import { keptAs, type TranslationCache, type TranslationMemory } from './translation-cache.ts';
import type { TranslationKey } from './translation-key.ts';
import type { OnSaved } from './saved-call.ts';
import type { JobRequest, TranslationResult, TranslationService } from '../service/translation-service.ts';

export interface CachingServiceOptions {
  readonly keyOf: TranslationKey;
  readonly memory: TranslationMemory;
  /** Left out where the service beneath looks there itself. */
  readonly cache?: TranslationCache | undefined;
  readonly onSaved: OnSaved;
}

/**
 * Looks a translation up before it is asked for: in this process's memory, then in the cache that all workers share.
 * What the service beneath gives has passed the guard, and is kept, unless it is marked as suspect. Where the cache can't be asked, the call is made.
 */
export function createCachingService(service: TranslationService, options: CachingServiceOptions): TranslationService {
  const { keyOf, memory, cache, onSaved } = options;

  function recall(key: string, request: JobRequest): string | undefined {
    const remembered = memory.get(key);
    // A final goes on to the cache, which has to hear that what was made for a partial is a final's now.
    if (remembered === undefined || (request.kind === 'final' && remembered.kind === 'partial')) return undefined;
    onSaved(request, 'memory');
    return remembered.text;
  }

  async function findOrAsk(
    key: string,
    request: JobRequest,
    ask: (request: JobRequest) => Promise<TranslationResult>,
  ): Promise<TranslationResult> {
    const { kind } = request;
    const found = await cache?.find(key, kind).catch(() => undefined);
    if (found !== undefined) {
      onSaved(request, 'cache');
      return cached(found);
    }
    const result = await ask(request);
    // Only a later call is not spared.
    if (result.suspect !== true) cache?.keep(key, keptAs(kind, result), result.text).catch(() => undefined);
    return result;
  }

  async function translate(
    request: JobRequest,
    ask: (request: JobRequest) => Promise<TranslationResult>,
  ): Promise<TranslationResult> {
    const key = keyOf(request);
    if (key === undefined) return ask(request);
    const remembered = recall(key, request);
    if (remembered !== undefined) return cached(remembered);
    const result = await findOrAsk(key, request, ask);
    if (result.suspect !== true) memory.set(key, { text: result.text, kind: request.kind });
    return result;
  }

  return {
    translatePartial: (request) => translate(request, (given) => service.translatePartial(given)),
    translateFinal: (request, final) => translate(request, (given) => service.translateFinal(given, final)),
  };
}

function cached(text: string): TranslationResult {
  return { text, engineMs: 0, attempts: 0, cached: true, joined: false };
}
