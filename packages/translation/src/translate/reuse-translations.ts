import { BudgetSpentError, EngineError, EngineReplyError } from '../engine/engine-error.ts';
import { RetryLater } from './retry-state.ts';
import { InProcessCall } from './in-process-call.ts';
import { LookUpPolicy } from './look-up-policy.ts';
import { SharedCall, type LookUpResult, type SharedCallOptions } from './shared-call.ts';
import type { CacheTtlClass, SharedTranslations, TranslationMemory } from './shared-translations.ts';
import type { TranslationKey } from './translation-key.ts';
import type { JobRequest, Translate, TranslateOptions, TranslationResult } from './translation-service.ts';

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
  /** Hears for every partial that would need a call whether the translations of all workers were looked up, and with what result. */
  readonly onPartialLookUp?: ((result: LookUpResult | 'skipped') => void) | undefined;
}

export interface TranslationReuse {
  readonly translate: Translate;
  /** See `TranslationService`. */
  readonly share: (request: JobRequest) => void;
}

interface CallUnderWay {
  readonly call: InProcessCall;
  /** Lets other workers join it. */
  readonly announce: () => void;
}

/** How long a call goes on for a final that is still to come: longer than its job waits unless all places are taken. */
const holdForFinalMs = 2000;

/**
 * Finds the translation of a request before it is made, all by one key: in this thread's memory, then in a call under way
 * in this thread, then in what all workers share. Otherwise it makes the call, once for all equal requests. What all
 * workers share is looked up for every final, but for partials only where that pays, see `LookUpPolicy`.
 */
export function reuseTranslations(call: Translate, options: ReuseOptions): TranslationReuse {
  const { keyOf, memory, shared, clock, onSaved } = options;
  const sharing = shared && { ...options, shared };
  const policy = new LookUpPolicy();
  const calls = new Map<string, CallUnderWay>();

  function recall(key: string, request: JobRequest): TranslationResult | undefined {
    const known = memory?.get(key);
    if (known === undefined) return undefined;
    const { text, ttlClass } = known;
    // It is a final's from now on, also for other workers.
    if (options.cache && request.kind === 'final' && ttlClass === 'partial') store(key, 'final', text);
    onSaved(request, options.cache ? 'memory' : 'joined-here');
    return { text, engineMs: 0, attempts: 0, cached: options.cache, joined: !options.cache };
  }

  function store(key: string, ttlClass: CacheTtlClass, text: string): void {
    memory?.set(key, { text, ttlClass, isShared: true });
    shared?.complete(key, ttlClass, text).catch(() => undefined);
  }

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

  /** @param isFinals whether a final waits for the result by now */
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
        // A final may be shown with a mark; a partial has none.
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
      if (options.singleflight) return await joinOrBegin(key, request, given);
      const sharedCall = sharing && new SharedCall(sharing, key, request);
      return await findOrCall(key, sharedCall, { request, given, isFinals: () => request.kind === 'final' });
    },
    share(request) {
      const key = keyOf(request);
      // Where other engines translate finals, a final has another key.
      if (key === undefined || key !== keyOf({ ...request, kind: 'final' })) return;
      const underWay = calls.get(key);
      if (underWay !== undefined && !underWay.call.isAbandoned) {
        underWay.announce();
        underWay.call.hold(holdForFinalMs, clock);
        return;
      }
      const known = memory?.get(key);
      if (known?.isShared === false) store(key, known.ttlClass, known.text);
    },
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
function failureOf({ kind }: JobRequest, error: unknown, { earlier }: TranslateOptions): unknown {
  if (!(error instanceof RetryLater)) return error;
  if (kind === 'partial') return error.cause instanceof EngineError ? error.cause : error;
  const none = { attempts: 0, badReplies: 0, elapsedMs: 0, engineMs: 0 };
  return new RetryLater(error.delayMs, earlier ?? none, error.waitsFor, { cause: error });
}
