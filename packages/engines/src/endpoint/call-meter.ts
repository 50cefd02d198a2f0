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
  /** `undefined`: what calls take is counted, and costs nothing known. */
  readonly price: Price | undefined;
  readonly chargedBy: 'tokens' | 'characters';
}

/** Counts what every call of one endpoint costs, also of those whose result nobody gets. A batch is one call. */
export class CallMeter {
  readonly #options: CallMeterOptions;

  constructor(options: CallMeterOptions) {
    this.#options = options;
  }

  /** @param usage as the engine told it; `undefined`: it is estimated from `reply` */
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

  /** A call that failed costs something only if its engine may have begun it. */
  failed(requests: readonly TranslationRequest[], error: unknown, reply: string): void {
    const failure = error instanceof EngineError ? error : undefined;
    if (failure?.usage === undefined && reply === '' && failure?.mayBeBilled !== true) return;
    this.answered(requests, failure?.usage, reply);
  }

  /** The characters of the texts, or the prompt as the engine counts it with the tokens of what came of the reply. */
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

/** How many characters texts have, as engines count them: code points. */
function countCharacters(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Array.from(text).length, 0);
}

/** What each text takes of one request: by the length of the texts, as nobody tells it better. */
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
