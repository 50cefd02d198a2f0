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
  /** Left out: there are no budgets. */
  readonly spending?: Pick<Spending, 'budgetStatus'> | undefined;
  readonly retry: RetryPolicy;
  /** A final that has to wait longer than this for its next call is put off. */
  readonly longestWaitMs: number;
  readonly clock: Clock;
  /** A number in [0, 1), such as `Math.random` gives. */
  readonly random: () => number;
}

const noCalls: RetryState = { attempts: 0, badReplies: 0, elapsedMs: 0, engineMs: 0 };

/** Calls the engine as far as the budget goes: a partial once, a final until there is a translation. */
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
        // A second reply may be as bad as the first: nothing of it is shown before it has been looked at.
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
        const soFar = rateLimit.soFar({ attempts, badReplies, engineMs });
        throw new RetryLater(delayMs, soFar, 'backoff', { cause: error });
      }
      await wait(delayMs, signal);
    }
  };
}

/** @throws BudgetSpentError first for partials, then for every call */
function assertWithinBudget(request: JobRequest, spending: EngineCallOptions['spending']): void {
  const account = accountOf(request);
  if (spending === undefined || account === undefined) return;
  const budgetStatus = spending.budgetStatus(account);
  if (budgetStatus === 'spent') throw new BudgetSpentError('the budget is spent');
  if (budgetStatus === 'finals-only' && request.kind === 'partial') {
    throw new BudgetSpentError('the budget leaves no room for partials');
  }
}

function policyFor({ kind, text }: JobRequest, policy: RetryPolicy): RetryPolicy {
  // No second call, and no waiting for the first one.
  if (kind === 'partial') return { ...policy, deadlineMs: 0, maxRateLimitWaitMs: 0 };
  // A call that was cut when most of a long reply had come is worth another one.
  return { ...policy, deadlineMs: policy.deadlineMs + longTextMs(text) };
}
