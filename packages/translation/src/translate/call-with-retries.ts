import type { Clock } from '../clock.ts';
import { accountOf, type Spending } from '../cost/spending.ts';
import { callEngine, type EngineReply } from '../engine/engine-call.ts';
import { BudgetSpentError, EngineCancelledError, EngineError } from '../engine/engine-error.ts';
import { longTextMs } from '../long-text.ts';
import { normalizeText } from '../normalize-text.ts';
import { RetryLater, type RetryState } from './retry-state.ts';
import { isRefused, RateLimitWait } from './rate-limit-wait.ts';
import { decideRetry, isLastTry, wasNotMade, type RetryPolicy } from './retry-policy.ts';
import type { JobRequest, Translate } from './translation-service.ts';

export interface EngineCallOptions {
  readonly engine: Parameters<typeof callEngine>[0];
  /** Absent: there are no budgets. */
  readonly spending?: Pick<Spending, 'budgetStatus'> | undefined;
  readonly retry: RetryPolicy;
  /** A final with a longer wait for its next call is postponed with `RetryLater`. */
  readonly longestWaitMs: number;
  readonly clock: Clock;
  /** Returns a number in [0, 1), as `Math.random` does. */
  readonly random: () => number;
}

const noCalls: RetryState = { attempts: 0, badReplies: 0, elapsedMs: 0, engineMs: 0 };

/** Calls the engine within the budget: once for a partial, with retries for a final. */
export function callWithRetries(options: EngineCallOptions): Translate {
  const { engine, clock, random } = options;

  async function wait(delayMs: number, signal: AbortSignal): Promise<void> {
    try {
      await clock.delay(delayMs, signal);
    } catch (cause) {
      throw new EngineCancelledError('the call was cancelled while it waited to be made again', { cause });
    }
  }

  return async (request, { onProgress, earlier = noCalls } = {}) => {
    const text = normalizeText(request.text);
    const common = { cached: false, joined: false };
    if (text === '') return { ...common, text, engineMs: 0, attempts: 0 };
    assertWithinBudget(request, options.spending);

    const policy = policyFor(request, options.retry);
    const { unwanted } = request;
    const signal = unwanted === undefined ? request.signal : AbortSignal.any([request.signal, unwanted]);
    const rateLimit = new RateLimitWait(
      { request, policy, longestWaitMs: options.longestWaitMs, clock, random },
      earlier,
    );
    let { engineMs, badReplies, attempts } = earlier;
    for (;;) {
      const strict = badReplies > 0;
      const lastTry = isLastTry(rateLimit.elapsedMs, policy);
      const asked = { ...request, text, signal, strict, isLastTry: lastTry, earlierAttempts: attempts };
      const calls = { attempts, badReplies, engineMs };
      let error: EngineError;
      let odd: string | undefined;
      try {
        // A retry after a bad reply may be as bad, so it is not shown before it has been checked.
        const call = (): Promise<EngineReply> => callEngine(engine, asked, strict ? undefined : onProgress);
        const reply = await rateLimit.call(call, calls, signal);
        if (reply.flaw === undefined) {
          const ended = { engineMs: engineMs + rateLimit.callMs, attempts: attempts + 1 };
          return {
            ...common,
            ...ended,
            text: reply.text,
            ...(reply.isFallbackResult ? { isFallbackResult: true } : {}),
          };
        }
        error = reply.flaw.error;
        if (reply.flaw.showable && request.kind === 'final') odd = reply.text;
      } catch (thrown) {
        if (!(thrown instanceof EngineError) || isRefused(thrown)) throw thrown;
        error = thrown;
      }
      engineMs += rateLimit.callMs;
      if (!wasNotMade(error)) attempts++;
      if (error.code === 'engine-bad-reply') badReplies++;
      const { elapsedMs } = rateLimit;
      const decision = decideRetry({ error, attempts, badReplies, elapsedMs, random: random() }, policy);
      if (decision.type === 'give-up') {
        if (odd === undefined) throw error;
        return { ...common, text: odd, engineMs, attempts, suspect: true };
      }
      const { delayMs } = decision;
      if (delayMs > options.longestWaitMs) {
        const state = rateLimit.stateAfter({ attempts, badReplies, engineMs });
        throw new RetryLater(delayMs, state, 'backoff', { cause: error });
      }
      await wait(delayMs, signal);
    }
  };
}

/** @throws BudgetSpentError when the budget is spent, for partials already when the rest is reserved for finals */
function assertWithinBudget(request: JobRequest, spending: EngineCallOptions['spending']): void {
  const account = accountOf(request);
  if (spending === undefined || account === undefined) return;
  const budgetStatus = spending.budgetStatus(account);
  if (budgetStatus === 'spent') throw new BudgetSpentError('the budget is spent');
  if (budgetStatus === 'finals-only' && request.kind === 'partial') {
    throw new BudgetSpentError('the rest of the budget is reserved for finals');
  }
}

function policyFor({ kind, text }: JobRequest, policy: RetryPolicy): RetryPolicy {
  // Partials are called once, without waiting.
  if (kind === 'partial') return { ...policy, deadlineMs: 0, maxRateLimitWaitMs: 0 };
  // Long texts get more time, so that a call that timed out late in a long reply can still be retried.
  return { ...policy, deadlineMs: policy.deadlineMs + longTextMs(text) };
}
