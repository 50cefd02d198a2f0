import type { Clock } from './clock.ts';
import { callEngine } from './engine-call.ts';
import type { Engine, EngineUsage, TranslationRequest } from './engine.ts';
import { EngineCancelledError, EngineError } from './engine-error.ts';
import { normalizeText } from './normalize-text.ts';
import { decideRetry, type RetryPolicy } from './retry-policy.ts';

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
  translatePartial(request: TranslationRequest): Promise<TranslationResult>;
  /**
   * Calls until there is a translation, as far as the retry policy goes.
   *
   * @param onProgress hears the translation as it grows, where the engine streams; a second try starts it anew
   * @throws EngineError the last call's
   */
  translateFinal(request: TranslationRequest, onProgress?: (text: string) => void): Promise<TranslationResult>;
}

export interface TranslationServiceOptions {
  readonly engine: Pick<Engine, 'translate'>;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  /** A number in [0, 1), such as `Math.random` gives. */
  readonly random: () => number;
}

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
    request: TranslationRequest,
    policy: RetryPolicy,
    onProgress?: (text: string) => void,
  ): Promise<TranslationResult> {
    const text = normalizeText(request.text);
    if (text === '') return { text, usage: undefined, engineMs: 0, attempts: 0, cached: false };

    const startedAt = clock.now();
    let [usage, engineMs, badReplies]: [EngineUsage | undefined, number, number] = [undefined, 0, 0];
    for (let attempts = 1; ; attempts++) {
      const calledAt = clock.now();
      let error: EngineError;
      try {
        const reply = await callEngine(engine, { ...request, text, strict: badReplies > 0 }, onProgress);
        usage = sum(usage, reply.usage);
        if (reply.problem === undefined) {
          return { text: reply.text, usage, engineMs: engineMs + clock.now() - calledAt, attempts, cached: false };
        }
        error = reply.problem;
      } catch (thrown) {
        if (!(thrown instanceof EngineError)) throw thrown;
        error = thrown;
      }
      engineMs += clock.now() - calledAt;
      if (error.code === 'engine-bad-reply') badReplies++;
      const elapsedMs = clock.now() - startedAt;
      const decision = decideRetry({ error, attempts, badReplies, elapsedMs, random: random() }, policy);
      if (decision.type === 'give-up') throw error;
      await wait(decision.delayMs, request.signal);
    }
  }

  return {
    translatePartial: (request) => translate(request, { ...options.retry, maxAttempts: 1 }),
    translateFinal: (request, onProgress) => translate(request, options.retry, onProgress),
  };
}
