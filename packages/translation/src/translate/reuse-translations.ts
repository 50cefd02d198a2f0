import type { Clock } from '../clock.ts';
import { BudgetSpentError, EngineError, EngineReplyError } from '../engine/engine-error.ts';
import { RetryLater } from './retry-state.ts';
import { InProcessCall } from './in-process-call.ts';
import { LookUpPolicy } from './look-up-policy.ts';
import { SharedCall, type LookUpResult, type SharedCallOptions } from './shared-call.ts';
import type { CacheTtlClass, TranslationMemory } from './shared-translations.ts';
import type { TranslationKey } from './translation-key.ts';
import type { JobRequest, Translate, TranslateOptions, TranslationResult } from './translation-service.ts';

/**
 * What saved a call: a translation in this thread's `memory` or in the shared `cache`, or a call in progress in this thread
 * (`joined-here`) or in another (`joined-elsewhere`).
 */
export type SavedBy = 'memory' | 'cache' | 'joined-here' | 'joined-elsewhere';

export interface ReuseOptions {
  readonly keyOf: TranslationKey;
  /** Whether translations are cached. If not, the memory only keeps results of shared calls for late requests. */
  readonly cache: boolean;
  readonly memory?: TranslationMemory | undefined;
  /** Whether equal requests share a call in progress. */
  readonly singleflight: boolean;
  /** Absent: translations are reused in this thread only. */
  readonly sharing?: SharedCallOptions | undefined;
  readonly clock: Clock;
  /** Called for every call saved. */
  readonly onSaved: (request: JobRequest, by: SavedBy) => void;
  /** Called for every partial that needs a call, with the result of the look-up in the shared translations. */
  readonly onPartialLookUp?: ((result: LookUpResult | 'skipped') => void) | undefined;
}

export interface TranslationReuse {
  readonly translate: Translate;
  /** See `TranslationService`. */
  readonly share: (request: JobRequest) => void;
}

interface CallUnderWay {
  readonly call: InProcessCall;
  /** Allows other workers to join the call. */
  readonly announce: () => void;
}

/** How long a call continues for a final still to come: longer than the final's job waits, unless all slots are busy. */
const retainForFinalMs = 2000;

/**
 * Reuses translations by key: from this thread's memory, a call in progress in this thread, or the translations shared by all
 * workers. Otherwise it makes one call for all equal requests. Shared translations are looked up for every final, but for
 * partials only if that pays off, see `LookUpPolicy`.
 */
export function reuseTranslations(call: Translate, options: ReuseOptions): TranslationReuse {
  const { keyOf, memory, sharing, clock, onSaved } = options;
  const policy = new LookUpPolicy();
  const calls = new Map<string, CallUnderWay>();

  function recall(key: string, request: JobRequest): TranslationResult | undefined {
    const known = memory?.get(key);
    if (known === undefined) return undefined;
    const { text, ttlClass } = known;
    // From now on it is a final's translation, for other workers too.
    if (options.cache && request.kind === 'final' && ttlClass === 'partial') store(key, 'final', text, request.session);
    onSaved(request, options.cache ? 'memory' : 'joined-here');
    return { text, engineMs: 0, attempts: 0, cached: options.cache, joined: !options.cache };
  }

  function store(key: string, ttlClass: CacheTtlClass, text: string, session: string | undefined): void {
    memory?.set(key, { text, ttlClass, isShared: true });
    sharing?.shared.complete(key, ttlClass, text, session).catch(() => undefined);
  }

  /** Whether the key of a partial's request is the same; if finals use other engines, they have other keys. */
  const isSharedWithPartials = (key: string, request: JobRequest): boolean =>
    key === keyOf({ ...request, kind: 'partial' });

  async function lookUp(
    key: string,
    sharedCall: SharedCall,
    { request, alwaysLooksUp = false }: { request: JobRequest; alwaysLooksUp: boolean | undefined },
  ): Promise<TranslationResult | undefined> {
    const { kind, tenant = '' } = request;
    if (kind === 'partial' && !alwaysLooksUp && !policy.shouldLookUp(tenant, key)) {
      options.onPartialLookUp?.('skipped');
      return undefined;
    }
    const found = await sharedCall.find((result) => {
      if (kind === 'final') return;
      options.onPartialLookUp?.(result);
      if (!alwaysLooksUp && result !== 'failed') policy.lookedUp(tenant, key, result !== 'none');
    });
    if (found === undefined) return undefined;
    const { result, ttlClass } = found;
    onSaved(request, result.cached ? 'cache' : 'joined-elsewhere');
    memory?.set(key, { text: result.text, ttlClass, isShared: true });
    return result;
  }

  /** @param isFinals whether a final is waiting for the result by now */
  async function findOrCall(
    key: string,
    sharedCall: SharedCall | undefined,
    { request, given, isFinals }: { request: JobRequest; given: TranslateOptions; isFinals: () => boolean },
  ): Promise<TranslationResult> {
    const ttlClassOf = ({ isFallbackResult }: TranslationResult): CacheTtlClass =>
      isFallbackResult ? 'fallback' : isFinals() ? 'final' : 'partial';
    const { alwaysLooksUp } = given;
    const found = sharedCall && (await lookUp(key, sharedCall, { request, alwaysLooksUp }));
    if (found !== undefined) return found;
    const result = await (sharedCall === undefined
      ? call(request, given)
      : sharedCall.make((asked) => call(asked, given), ttlClassOf));
    if (!result.suspect) {
      memory?.set(key, { text: result.text, ttlClass: ttlClassOf(result), isShared: sharedCall?.isKnown ?? false });
    }
    return result;
  }

  function begin(key: string, request: JobRequest, given: TranslateOptions): InProcessCall {
    let sharedCall: SharedCall | undefined;
    const begun: InProcessCall = new InProcessCall(request, (asked) => {
      sharedCall = sharing && new SharedCall(sharing, key, asked);
      return findOrCall(key, sharedCall, { request: asked, given, isFinals: () => begun.hasFinal });
    });
    calls.set(key, { call: begun, announce: () => sharedCall?.announce() });
    const forget = (): void => {
      if (calls.get(key)?.call === begun) calls.delete(key);
    };
    begun.ended.then(forget, forget);
    return begun;
  }

  async function joinOrBegin(key: string, request: JobRequest, given: TranslateOptions): Promise<TranslationResult> {
    const startedAtMs = clock.now();
    const waitedMs = (): number => clock.now() - startedAtMs;
    for (;;) {
      const underWay = calls.get(key)?.call;
      if (underWay === undefined || underWay.isAbandoned) {
        return await begin(key, request, given).join(request, waitedMs);
      }
      try {
        const result = await underWay.join(request, waitedMs);
        // Only finals can be flagged as suspect.
        if (result.suspect === true && request.kind === 'partial') throw new EngineReplyError('the reply looks odd');
        if (result.joined) onSaved(request, 'joined-here');
        return result;
      } catch (error) {
        const isCancelled = request.signal.aborted || request.unwanted?.aborted === true;
        if (isCancelled || !callsItself(request, underWay, error)) throw failureOf(request, error, given);
      }
    }
  }

  return {
    async translate(request, given = {}) {
      const key = keyOf(request);
      if (key === undefined) return await call(request, given);
      const known = recall(key, request);
      if (known !== undefined) return known;
      const isHandedOver = request.isHandedOver === true && isSharedWithPartials(key, request);
      const asked = { ...request, isHandedOver };
      if (options.singleflight) return await joinOrBegin(key, asked, given);
      const sharedCall = sharing && new SharedCall(sharing, key, asked);
      return await findOrCall(key, sharedCall, { request: asked, given, isFinals: () => request.kind === 'final' });
    },
    share(request) {
      const key = keyOf(request);
      // If finals use other engines, they have other keys.
      if (key === undefined || key !== keyOf({ ...request, kind: 'final' })) return;
      const underWay = calls.get(key);
      if (underWay !== undefined && !underWay.call.isAbandoned) {
        underWay.announce();
        underWay.call.retain(retainForFinalMs, clock);
        return;
      }
      const known = memory?.get(key);
      if (known?.isShared === false) store(key, known.ttlClass, known.text, request.session);
    },
  };
}

/**
 * Whether a request makes its own call after one that it joined has failed: a final retries after a partial's single try,
 * and a spent budget is that of another session.
 */
function callsItself({ kind }: JobRequest, joined: InProcessCall, error: unknown): boolean {
  return error instanceof BudgetSpentError || (kind === 'final' && joined.kind === 'partial');
}

/** Converts the failure of a joined call: calls made for another request do not count as attempts of this one. */
function failureOf({ kind }: JobRequest, error: unknown, { earlier }: TranslateOptions): unknown {
  if (!(error instanceof RetryLater)) return error;
  if (kind === 'partial') return error.cause instanceof EngineError ? error.cause : error;
  const none = { attempts: 0, badReplies: 0, elapsedMs: 0, engineMs: 0 };
  return new RetryLater(error.delayMs, earlier ?? none, error.waitsFor, { cause: error });
}
