import {
  costMicros,
  EngineError,
  estimateTokens,
  accountOf,
  type Engine,
  type EngineUsage,
  type Price,
  type Spending,
  type TranslationRequest,
} from '@parley/translation';

interface CallMeterOptions {
  readonly engine: Pick<Engine, 'countedTokens'>;
  readonly spending: Pick<Spending, 'spent'>;
  /** `undefined`: usage is recorded without a cost. */
  readonly price: Price | undefined;
  readonly chargedBy: 'tokens' | 'characters';
}

/** Records usage and cost of every call of one endpoint, including calls whose result is discarded. A batch is one call. */
export class CallMeter {
  readonly #options: CallMeterOptions;

  constructor(options: CallMeterOptions) {
    this.#options = options;
  }

  /** @param usage as reported by the engine; `undefined`: estimated from `reply` */
  answered(requests: readonly TranslationRequest[], usage: EngineUsage | undefined, reply: string): void {
    const shares = shareUsage(requests, usage ?? this.#estimate(requests, reply));
    requests.forEach((request, index) => {
      const account = accountOf(request);
      const share = shares[index];
      if (account === undefined || share === undefined) return;
      const { spending, price } = this.#options;
      const micros = price === undefined ? undefined : costMicros(share, price);
      const { promptTokens, completionTokens } = share;
      spending.spent({
        ...account,
        promptTokens,
        completionTokens,
        requests: index === 0 ? 1 : 0,
        costMicros: micros,
      });
    });
  }

  /** Records a failed call if the engine may have processed it. */
  failed(requests: readonly TranslationRequest[], error: unknown, reply: string): void {
    const failure = error instanceof EngineError ? error : undefined;
    if (failure?.usage === undefined && reply === '' && failure?.mayBeBilled !== true) return;
    this.answered(requests, failure?.usage, reply);
  }

  /** Estimates the usage: the characters of the texts, or the tokens of the prompt and of the reply received so far. */
  #estimate(requests: readonly TranslationRequest[], reply: string): EngineUsage {
    const { chargedBy, engine } = this.#options;
    if (chargedBy === 'characters') {
      return { promptTokens: 0, completionTokens: 0, characters: countCharacters(requests.map(({ text }) => text)) };
    }
    const counted = engine.countedTokens?.(requests);
    return {
      promptTokens: counted?.promptTokens ?? 0,
      completionTokens: counted === undefined ? 0 : estimateTokens(reply),
    };
  }
}

/** Counts code points, as engines do. */
function countCharacters(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Array.from(text).length, 0);
}

/** Divides the usage of one request among its texts in proportion to their lengths. */
function shareUsage(requests: readonly TranslationRequest[], usage: EngineUsage): EngineUsage[] {
  const characters = requests.reduce((sum, { text }) => sum + text.length, 0);
  return requests.map(({ text }) => {
    const share = characters === 0 ? 1 / requests.length : text.length / characters;
    return {
      promptTokens: Math.round(usage.promptTokens * share),
      completionTokens: Math.round(usage.completionTokens * share),
      characters: usage.characters === undefined ? undefined : Math.round(usage.characters * share),
    };
  });
}
