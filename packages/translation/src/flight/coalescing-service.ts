import type { OnSaved } from '../cache/saved-call.ts';
import type { TranslationKey } from '../cache/translation-key.ts';
import type { Clock } from '../clock.ts';
import { BudgetSpentError } from '../cost/budget-spent-error.ts';
import { EngineError, EngineReplyError } from '../engine/engine-error.ts';
import { TranslationPostponed } from '../service/earlier-calls.ts';
import type {
  FinalOptions,
  JobRequest,
  TranslationResult,
  TranslationService,
} from '../service/translation-service.ts';
import { SharedCall } from './shared-call.ts';

export interface CoalescingServiceOptions {
  readonly keyOf: TranslationKey;
  readonly clock: Clock;
  readonly onSaved: OnSaved;
}

/**
 * Makes one call of the equal requests that come to this thread while it is under way, without asking anybody else.
 * Whoever joins shares what becomes of the call, but for a final that has joined a partial's: no partial is tried twice,
 * and a final is. Nor is a call shared that was not made because one session's budget is spent.
 */
export function createCoalescingService(
  service: TranslationService,
  { keyOf, clock, onSaved }: CoalescingServiceOptions,
): TranslationService {
  const calls = new Map<string, SharedCall>();

  function begin(
    key: string,
    request: JobRequest,
    ask: (request: JobRequest) => Promise<TranslationResult>,
  ): SharedCall {
    const call = new SharedCall(request, ask);
    calls.set(key, call);
    const forget = (): void => {
      if (calls.get(key) === call) calls.delete(key);
    };
    call.ended.then(forget, forget);
    return call;
  }

  async function translate(
    request: JobRequest,
    ask: (request: JobRequest) => Promise<TranslationResult>,
    final?: FinalOptions,
  ): Promise<TranslationResult> {
    const key = keyOf(request);
    if (key === undefined) return ask(request);
    const startedAt = clock.now();
    const waitedMs = (): number => clock.now() - startedAt;
    for (;;) {
      const underWay = calls.get(key);
      if (underWay === undefined || underWay.isLeft) return begin(key, request, ask).join(request, waitedMs);
      try {
        const result = await underWay.join(request, waitedMs);
        // A final may be shown with a mark; a partial has none.
        if (result.suspect === true && request.kind === 'partial') throw new EngineReplyError('the reply looks odd');
        if (result.joined) onSaved(request, 'joined-here');
        return result;
      } catch (error) {
        const isMine = request.signal.aborted || request.unwanted?.aborted === true;
        // Whose budget is spent is nobody else's matter; whoever comes now asks at once whether its own is.
        const asksItself =
          error instanceof BudgetSpentError || (request.kind === 'final' && underWay.kind === 'partial');
        if (isMine || !asksItself) throw fate(request.kind, error, final);
      }
    }
  }

  return {
    translatePartial: (request) => translate(request, (given) => service.translatePartial(given)),
    translateFinal: (request, final) => translate(request, (given) => service.translateFinal(given, final), final),
  };
}

/** What another's failed call is to one who has joined it; calls that were made for the other don't count as its own. */
function fate(kind: JobRequest['kind'], error: unknown, final?: FinalOptions): unknown {
  if (!(error instanceof TranslationPostponed)) return error;
  if (kind === 'partial') return error.cause instanceof EngineError ? error.cause : error;
  const none = { attempts: 0, badReplies: 0, elapsedMs: 0, engineMs: 0 };
  return new TranslationPostponed(error.delayMs, final?.earlier ?? none, error.waitsFor, { cause: error });
}
