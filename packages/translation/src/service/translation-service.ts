import type { Clock } from '../clock.ts';
import { callEngine } from '../engine/engine-call.ts';
import type { Engine, EngineUsage, TranslationRequest } from '../engine/engine.ts';
import { TranslationPostponed, type EarlierCalls } from './earlier-calls.ts';
import { EngineCancelledError, EngineError } from '../engine/engine-error.ts';
import { normalizeText } from '../normalize-text.ts';
import { decideRetry, wasNotMade, type RetryPolicy } from './retry-policy.ts';

/** A translation and what it took. */
export interface TranslationResult {
  readonly text: string;
  /** The tokens of all calls that told them; `undefined` where none did. */
  readonly usage: EngineUsage | undefined;
  /** The time inside engine calls, waits between them not counted. */
  readonly engineMs: number;
  /** Engine calls made. */
  readonly attempts: number;
  readonly cached: boolean;
  /** It is the result of a call that was made for another request. */
  readonly joined: boolean;
}

/** A request as a job makes it. */
export interface JobRequest extends TranslationRequest {
  /** Requests of one scope may share a call; a request of none shares with nobody. */
  readonly scope?: string | undefined;
  /** Aborted when this job has no use for the result any more: its call ends, unless somebody else waits for it. */
  readonly unwanted?: AbortSignal | undefined;
}

export interface FinalOptions {
  /** Hears the translation as it grows, where the engine streams; a second try starts it anew. */
  readonly onProgress?: ((text: string) => void) | undefined;
  /** Where the final was put off before. */
  readonly earlier?: EarlierCalls | undefined;
}

/**
 * From a text to its translation. Caching, joining of equal calls and rate limits are decorators over this same
 * interface.
 */
export interface TranslationService {
  /**
   * Makes one call. A partial isn't worth a second: a newer one is on its way.
   *
   * @throws EngineError
   */
  translatePartial(request: JobRequest): Promise<TranslationResult>;
  /**
   * Calls until there is a translation, as far as the retry policy goes.
   *
   * @throws EngineError the last call's
   * @throws TranslationPostponed where the next call is too far away to wait for
   */
  translateFinal(request: JobRequest, options?: FinalOptions): Promise<TranslationResult>;
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

const noCalls: EarlierCalls = { attempts: 0, badReplies: 0, elapsedMs: 0, engineMs: 0, usage: undefined };

function sum(one: EngineUsage | undefined, other: EngineUsage | undefined): EngineUsage | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return {
    promptTokens: one.promptTokens + other.promptTokens,
    completionTokens: one.completionTokens + other.completionTokens,
  };
}

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
    if (text === '') return { ...common, text, usage: undefined, engineMs: 0, attempts: 0 };

    const { unwanted } = request;
    const signal = unwanted === undefined ? request.signal : AbortSignal.any([request.signal, unwanted]);
    const startedAt = clock.now() - earlier.elapsedMs;
    let { usage, engineMs, badReplies, attempts } = earlier;
    for (;;) {
      const calledAt = clock.now();
      let error: EngineError;
      try {
        const asked = { ...request, text, signal, strict: badReplies > 0, earlierAttempts: attempts };
        const reply = await callEngine(engine, asked, onProgress);
        usage = sum(usage, reply.usage);
        if (reply.problem === undefined) {
          const ended = { engineMs: engineMs + clock.now() - calledAt, attempts: attempts + 1 };
          return { ...common, ...ended, text: reply.text, usage };
        }
        error = reply.problem;
      } catch (thrown) {
        if (!(thrown instanceof EngineError)) throw thrown;
        error = thrown;
      }
      engineMs += clock.now() - calledAt;
      if (!wasNotMade(error)) attempts++;
      if (error.code === 'engine-bad-reply') badReplies++;
      const elapsedMs = clock.now() - startedAt;
      const decision = decideRetry({ error, attempts, badReplies, elapsedMs, random: random() }, policy);
      if (decision.type === 'give-up') throw error;
      const { delayMs } = decision;
      if (delayMs > options.longestWaitMs) {
        throw new TranslationPostponed(delayMs, { attempts, badReplies, elapsedMs, engineMs, usage }, { cause: error });
      }
      await wait(delayMs, signal);
    }
  }

  return {
    // No second call, and no waiting for the first one.
    translatePartial: (request) => translate(request, { ...options.retry, maxAttempts: 1, deadlineMs: 0 }),
    translateFinal: (request, final) => translate(request, options.retry, final),
  };
}
