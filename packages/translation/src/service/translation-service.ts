import type { Clock } from '../clock.ts';
import { callEngine, type EngineReply } from '../engine/engine-call.ts';
import type { Engine, TranslationRequest } from '../engine/engine.ts';
import { TranslationPostponed, type EarlierCalls } from './earlier-calls.ts';
import { EngineCancelledError, EngineError } from '../engine/engine-error.ts';
import { longTextMs } from '../long-text.ts';
import { normalizeText } from '../normalize-text.ts';
import { decideRetry, isLastTry, wasNotMade, type RetryPolicy } from './retry-policy.ts';
import { isRefused, Turns } from './turns.ts';

/** A translation and what it took. */
export interface TranslationResult {
  readonly text: string;
  /** The time inside engine calls, waits between them not counted. */
  readonly engineMs: number;
  /** Engine calls made. */
  readonly attempts: number;
  readonly cached: boolean;
  /** It is the result of a call that was made for another request. */
  readonly joined: boolean;
  /** Every reply looked odd, the last one too: it may be no translation, so it is nobody else's and is shown with a mark. */
  readonly suspect?: true | undefined;
  /** Another endpoint than the first made it, which may be a worse one: later requests get it for minutes at most. */
  readonly standIn?: true | undefined;
}

/** A request as a job makes it. */
export interface JobRequest extends TranslationRequest {
  /** Aborted when this job has no use for the result any more: its call ends, unless somebody else waits for it. */
  readonly unwanted?: AbortSignal | undefined;
  /** See `TranslationKey`; `undefined` where it shares with nobody. */
  readonly key?: string | undefined;
}

export interface FinalOptions {
  /**
   * Hears the translation as it grows, where the engine streams; a second try starts it anew. After a bad reply it hears
   * nothing more: the next one is looked at as a whole first.
   */
  readonly onProgress?: ((text: string) => void) | undefined;
  /** Where the final was put off before. */
  readonly earlier?: EarlierCalls | undefined;
}

/**
 * From a text to its translation. Caching, joining of equal calls and budgets are decorators over this same interface;
 * rate limits, batches and failover are engines beneath it.
 */
export interface TranslationService {
  /**
   * Makes one call. A partial isn't worth a second: a newer one is on its way.
   *
   * @throws EngineError; RateLimitReachedError where there is no room for it now
   */
  translatePartial(request: JobRequest): Promise<TranslationResult>;
  /**
   * Calls until there is a translation, as far as the retry policy goes. It waits its turn where the rate limit leaves no
   * room. A bad reply is asked for once more, strictly.
   *
   * @throws EngineError the last call's
   * @throws TranslationPostponed where the next call is too far away to wait for
   */
  translateFinal(request: JobRequest, options?: FinalOptions): Promise<TranslationResult>;
  share?(request: JobRequest): void;
}

export interface TranslationServiceOptions {
  readonly engine: Pick<Engine, 'translate'>;
  readonly retry: RetryPolicy;
  /** A final that has to wait longer than this for its next call is put off. */
  readonly longestWaitMs: number;
  readonly clock: Clock;
  /** A number in [0, 1), such as `Math.random` gives. */
  readonly random: () => number;
}

const noCalls: EarlierCalls = { attempts: 0, badReplies: 0, elapsedMs: 0, engineMs: 0 };

/**
 * The service that asks one engine. Texts are normalised before they are sent, and a text of white space alone is
 * its own translation, without a call.
 */
export function createTranslationService(options: TranslationServiceOptions): TranslationService {
  const { engine, clock, random } = options;

  async function wait(delayMs: number, signal: AbortSignal): Promise<void> {
    try {
      await clock.delay(delayMs, signal);
    } catch (cause) {
      throw new EngineCancelledError('the call was cancelled while it waited to be made again', { cause });
    }
  }

  async function translate(
    request: JobRequest,
    policy: RetryPolicy,
    { onProgress, earlier = noCalls }: FinalOptions = {},
  ): Promise<TranslationResult> {
    const text = normalizeText(request.text);
    const common = { cached: false, joined: false };
    if (text === '') return { ...common, text, engineMs: 0, attempts: 0 };

    const { unwanted } = request;
    const signal = unwanted === undefined ? request.signal : AbortSignal.any([request.signal, unwanted]);
    const turns = new Turns({ request, policy, longestWaitMs: options.longestWaitMs, clock, random }, earlier);
    let { engineMs, badReplies, attempts } = earlier;
    for (;;) {
      const strict = badReplies > 0;
      const lastTry = isLastTry(turns.elapsedMs, policy);
      const asked = { ...request, text, signal, strict, lastTry, earlierAttempts: attempts };
      const calls = { attempts, badReplies, engineMs };
      let error: EngineError;
      let odd: string | undefined;
      try {
        // A second reply may be as bad as the first: nothing of it is shown before it has been looked at.
        const call = (): Promise<EngineReply> => callEngine(engine, asked, strict ? undefined : onProgress);
        const reply = await turns.take(call, calls, signal);
        if (reply.flaw === undefined) {
          const ended = { engineMs: engineMs + turns.callMs, attempts: attempts + 1 };
          return { ...common, ...ended, text: reply.text, ...(reply.standIn ? { standIn: true } : {}) };
        }
        error = reply.flaw.error;
        if (reply.flaw.showable && request.kind === 'final') odd = reply.text;
      } catch (thrown) {
        if (!(thrown instanceof EngineError) || isRefused(thrown)) throw thrown;
        error = thrown;
      }
      engineMs += turns.callMs;
      if (!wasNotMade(error)) attempts++;
      if (error.code === 'engine-bad-reply') badReplies++;
      const { elapsedMs } = turns;
      const decision = decideRetry({ error, attempts, badReplies, elapsedMs, random: random() }, policy);
      if (decision.type === 'give-up') {
        if (odd === undefined) throw error;
        return { ...common, text: odd, engineMs, attempts, suspect: true };
      }
      const { delayMs } = decision;
      if (delayMs > options.longestWaitMs) {
        const soFar = turns.soFar({ attempts, badReplies, engineMs });
        throw new TranslationPostponed(delayMs, soFar, 'retry', { cause: error });
      }
      await wait(delayMs, signal);
    }
  }

  return {
    // No second call, and no waiting for the first one.
    translatePartial: (request) => translate(request, { ...options.retry, deadlineMs: 0, longestTurnWaitMs: 0 }),
    translateFinal(request, final) {
      // A call that was cut when most of a long reply had come is worth another one.
      const deadlineMs = options.retry.deadlineMs + longTextMs(request.text);
      return translate(request, { ...options.retry, deadlineMs }, final);
    },
  };
}
