import { setTimeout as sleep } from 'node:timers/promises';
import type { LanguageTag } from '@parley/protocol';
import {
  createTranslationService,
  EngineError,
  EngineReplyError,
  normalizeText,
  systemClock,
  typicalCallTokens,
  type Engine,
  type RetryPolicy,
  type TranslationRequest,
} from '@parley/translation';
import { TaskLimit } from './task-limit.ts';

type Kind = TranslationRequest['kind'];

export interface TranslatorOptions {
  /** The engine for each kind of text. */
  readonly engines: Readonly<Record<Kind, Pick<Engine, 'translate'>>>;
  readonly source: LanguageTag;
  /** Whether a translation depends on the text that was shown before. */
  readonly usesPrevious: boolean;
  readonly concurrentCalls: number;
  readonly signal: AbortSignal;
}

export interface QualityRequest {
  readonly text: string;
  readonly target: LanguageTag;
  readonly kind: Kind;
  /** The last text of the segment that was translated, and its translation. */
  readonly previous?: { readonly text: string; readonly translation: string } | undefined;
}

export interface QualityTranslation {
  /** Equal for equal requests. */
  readonly key: string;
  /** `undefined`: the reply to a partial was not a translation, so it would not be shown. */
  readonly text: string | undefined;
  /** As reported by the engine, else estimated. */
  readonly tokens: number;
}

const retry: RetryPolicy = { baseDelayMs: 250, maxDelayMs: 4000, deadlineMs: 30_000, maxRateLimitWaitMs: 120_000 };
const maxPartialAttempts = 6;

/** Translates the texts of all policies, each text once. */
export class Translator {
  readonly #options: TranslatorOptions;
  readonly #limit: TaskLimit;
  readonly #known: Readonly<Record<Kind, Map<string, Promise<QualityTranslation>>>> = {
    partial: new Map(),
    final: new Map(),
  };

  constructor(options: TranslatorOptions) {
    this.#options = options;
    this.#limit = new TaskLimit(options.concurrentCalls);
  }

  /**
   * Translates a text, or returns the translation that was made for an equal request. A final shares the translation of a
   * partial with the same text, as in the pipeline, unless that is none.
   *
   * @throws EngineError if the engine keeps failing
   */
  async translate(request: QualityRequest): Promise<QualityTranslation> {
    const { usesPrevious, source } = this.#options;
    const text = normalizeText(request.text);
    const previous = usesPrevious ? request.previous : undefined;
    const key = JSON.stringify([source, request.target, text, previous]);
    if (request.kind === 'partial') return await this.#once({ ...request, text, previous }, key);
    const shared = await this.#known.partial.get(key);
    return shared?.text === undefined ? await this.#once({ ...request, text }, `final ${key}`) : shared;
  }

  #once(request: QualityRequest, key: string): Promise<QualityTranslation> {
    const known = this.#known[request.kind];
    const made =
      known.get(key) ??
      this.#limit.run(async (): Promise<QualityTranslation> => ({ key, ...(await this.#call(request)) }));
    known.set(key, made);
    return made;
  }

  async #call(request: QualityRequest): Promise<Omit<QualityTranslation, 'key'>> {
    const { engines, source, signal } = this.#options;
    signal.throwIfAborted();
    let tokens: number | undefined;
    const engine: Pick<Engine, 'translate'> = {
      translate: async (asked, onText) => {
        const answer = await engines[request.kind].translate(asked, onText);
        const { usage } = answer;
        if (usage !== undefined) tokens = (tokens ?? 0) + usage.promptTokens + usage.completionTokens;
        return answer;
      },
    };
    const service = createTranslationService({
      engine,
      retry,
      longestWaitMs: Infinity,
      clock: systemClock,
      random: Math.random,
    });
    const asked = { ...request, source, signal };
    const text =
      request.kind === 'final'
        ? (await service.translateFinal(asked)).text
        : await this.#repeat(async () => (await service.translatePartial(asked)).text);
    return { text, tokens: tokens ?? typicalCallTokens(request.text) };
  }

  /** Repeats a partial's call, which the service makes only once. */
  async #repeat(call: () => Promise<string>): Promise<string | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call();
      } catch (error) {
        if (error instanceof EngineReplyError) return undefined;
        if (!(error instanceof EngineError) || !error.retryable || attempt === maxPartialAttempts) throw error;
        const askedMs = 'retryAfterMs' in error && typeof error.retryAfterMs === 'number' ? error.retryAfterMs : 0;
        const delayMs = Math.max(askedMs, Math.min(retry.maxDelayMs, retry.baseDelayMs * 2 ** attempt));
        await sleep(Math.min(delayMs, retry.maxRateLimitWaitMs), undefined, { signal: this.#options.signal });
      }
    }
  }
}
