import { BudgetSpentError } from '../cost/budget-spent-error.ts';
import { EngineError, EngineReplyError } from '../engine/engine-error.ts';
import { TranslationPostponed } from './earlier-calls.ts';
import { InProcessCall } from './in-process-call.ts';
import { SharedCall, type SharedCallOptions } from './shared-call.ts';
import type { CacheTtlClass, SharedTranslations } from './shared-translations.ts';
import type { TranslationKey } from './translation-key.ts';
import type { TranslationMemory } from './translation-memory.ts';
import type { FinalOptions, JobRequest, Translate, TranslationResult } from './translation-service.ts';

/**
 * What spared a call: a translation in this thread's `memory` or in the `cache` of all workers, or a call under way,
 * made by this thread (`joined-here`) or by another one (`joined-elsewhere`).
 */
export type SavedBy = 'memory' | 'cache' | 'joined-here' | 'joined-elsewhere';

export interface ReuseOptions extends Omit<SharedCallOptions, 'shared'> {
  readonly keyOf: TranslationKey;
  /** Whether translations are cached. Where not, the memory keeps the results of shared calls for late requests alone. */
  readonly cache: boolean;
  readonly memory?: TranslationMemory | undefined;
  /** Whether equal requests share a call under way. */
  readonly singleflight: boolean;
  readonly shared?: SharedTranslations | undefined;
  /** Hears of every call that need not be made. */
  readonly onSaved: (request: JobRequest, by: SavedBy) => void;
}

/**
 * Finds the translation of a request before it is made, all by one key: in this thread's memory, then in a call under way
 * in this thread, then in what all workers share. Otherwise it makes the call, once for all equal requests.
 */
export function reuseTranslations(call: Translate, options: ReuseOptions): Translate {
  const { keyOf, memory, shared, clock, onSaved } = options;
  const calls = new Map<string, InProcessCall>();

  function recall(key: string, request: JobRequest): TranslationResult | undefined {
    const known = memory?.get(key);
    if (known === undefined) return undefined;
    const { text, ttlClass } = known;
    if (options.cache && request.kind === 'final' && ttlClass === 'partial') {
      // It is a final's from now on, also for other workers.
      memory?.set(key, { text, ttlClass: 'final', isShared: true });
      shared?.complete(key, 'final', text).catch(() => undefined);
    }
    onSaved(request, options.cache ? 'memory' : 'joined-here');
    return { text, engineMs: 0, attempts: 0, cached: options.cache, joined: !options.cache };
  }

  /** @param isFinals whether a final waits for the result by now */
  async function findOrCall(
    key: string,
    request: JobRequest,
    final: FinalOptions | undefined,
    isFinals: () => boolean,
  ): Promise<TranslationResult> {
    const ttlClassOf = ({ standIn }: TranslationResult): CacheTtlClass =>
      standIn ? 'fallback' : isFinals() ? 'final' : 'partial';
    const sharedCall = shared && new SharedCall({ ...options, shared }, key, request);
    const found = sharedCall && (await sharedCall.find(() => undefined));
    if (found !== undefined) {
      const { result, ttlClass } = found;
      onSaved(request, result.cached ? 'cache' : 'joined-elsewhere');
      memory?.set(key, { text: result.text, ttlClass, isShared: true });
      return result;
    }
    const result = await (sharedCall === undefined
      ? call(request, final)
      : sharedCall.make((given) => call(given, final), ttlClassOf));
    if (!result.suspect) memory?.set(key, { text: result.text, ttlClass: ttlClassOf(result), isShared: true });
    return result;
  }

  function begin(key: string, request: JobRequest, final: FinalOptions | undefined): InProcessCall {
    const begun: InProcessCall = new InProcessCall(request, (given) =>
      findOrCall(key, given, final, () => begun.hasFinal),
    );
    calls.set(key, begun);
    const forget = (): void => {
      if (calls.get(key) === begun) calls.delete(key);
    };
    begun.ended.then(forget, forget);
    return begun;
  }

  async function joinOrBegin(
    key: string,
    request: JobRequest,
    final: FinalOptions | undefined,
  ): Promise<TranslationResult> {
    const startedAtMs = clock.now();
    const waitedMs = (): number => clock.now() - startedAtMs;
    for (;;) {
      const underWay = calls.get(key);
      if (underWay === undefined || underWay.isAbandoned) {
        return await begin(key, request, final).join(request, waitedMs);
      }
      try {
        const result = await underWay.join(request, waitedMs);
        // A final may be shown with a mark; a partial has none.
        if (result.suspect === true && request.kind === 'partial') throw new EngineReplyError('the reply looks odd');
        if (result.joined) onSaved(request, 'joined-here');
        return result;
      } catch (error) {
        const isCancelled = request.signal.aborted || request.unwanted?.aborted === true;
        if (isCancelled || !callsItself(request, underWay, error)) throw failureOf(request, error, final);
      }
    }
  }

  return async (request, final) => {
    const key = keyOf(request);
    if (key === undefined) return await call(request, final);
    const known = recall(key, request);
    if (known !== undefined) return known;
    if (options.singleflight) return await joinOrBegin(key, request, final);
    return await findOrCall(key, request, final, () => request.kind === 'final');
  };
}

/**
 * Whether a request makes a call of its own after the one that it joined has failed: a partial is tried once and a final
 * again and again, and a spent budget is that of another session.
 */
function callsItself({ kind }: JobRequest, joined: InProcessCall, error: unknown): boolean {
  return error instanceof BudgetSpentError || (kind === 'final' && joined.kind === 'partial');
}

/** What the failure of a joined call is to one request: the calls that were made for another don't count as its own. */
function failureOf({ kind }: JobRequest, error: unknown, final?: FinalOptions): unknown {
  if (!(error instanceof TranslationPostponed)) return error;
  if (kind === 'partial') return error.cause instanceof EngineError ? error.cause : error;
  const none = { attempts: 0, badReplies: 0, elapsedMs: 0, engineMs: 0 };
  return new TranslationPostponed(error.delayMs, final?.earlier ?? none, error.waitsFor, { cause: error });
}
