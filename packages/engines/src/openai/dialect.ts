/** The parameters that not every model or server takes. */
export const optionalParameters = [
  'max_completion_tokens',
  'max_tokens',
  'temperature',
  'reasoning_effort',
  'stream_options',
  'prediction',
  'response_format',
] as const;

export type OptionalParameter = (typeof optionalParameters)[number];

/** What may be taken away from a request: a parameter, or the role that holds the instructions. */
export type Refusable = OptionalParameter | 'system_role';

/** How a model wants to be asked. */
export interface Dialect {
  /** The name of the output limit; `undefined`: it takes none. */
  readonly outputLimit: 'max_tokens' | 'max_completion_tokens' | undefined;
  /** Tokens that the limit has to hold besides the translation: what the model thinks before it answers. */
  readonly thinkingTokens: number;
  readonly temperature: boolean;
  readonly reasoningEffort: 'low' | 'minimal' | undefined;
  readonly streamOptions: boolean;
  /** Whether it takes a predicted output: https://platform.openai.com/docs/guides/predicted-outputs */
  readonly prediction: boolean;
  /** Whether it can be held to the form of an answer: https://platform.openai.com/docs/guides/structured-outputs */
  readonly responseFormat: boolean;
  /** `false`: it knows users and itself alone, and its instructions stand in the first user message. */
  readonly systemRole: boolean;
}

/** OpenAI's reasoning models, also behind a gateway's prefix such as `openai/`: https://platform.openai.com/docs/guides/reasoning */
const oSeries = /(^|\/)o\d/;
const gpt5 = /(^|\/)gpt-5(?!.*chat)/;

/** Room for the least that a reasoning model thinks. */
const leastThinkingTokens = 2048;
/** Room for more than a translation should make a model think; one that had less is asked again. */
const mostThinkingTokens = 16_384;

/** What to leave room for after a reply that its thoughts left no room for; `undefined`: there is no more to be had. */
export function moreThinkingTokens(tokens: number): number | undefined {
  if (tokens >= mostThinkingTokens) return undefined;
  return tokens === 0 ? leastThinkingTokens : mostThinkingTokens;
}

/**
 * The dialect of a model, from its name and from what its endpoint has refused so far. Every refusal takes something
 * away, so learning comes to an end.
 *
 * @param learnedThinkingTokens what its replies so far needed room for, besides translations
 */
export function dialectOf(model: string, refused: ReadonlySet<Refusable>, learnedThinkingTokens = 0): Dialect {
  const isReasoning = oSeries.test(model) || gpt5.test(model);
  // Only OpenAI's reasoning models refuse the old name of the limit, whatever a deployment of them is called.
  const reasons = isReasoning || refused.has('max_tokens');
  const limits = reasons
    ? (['max_completion_tokens', 'max_tokens'] as const)
    : (['max_tokens', 'max_completion_tokens'] as const);
  const effort = gpt5.test(model) ? 'minimal' : 'low';
  return {
    outputLimit: limits.find((name) => !refused.has(name)),
    thinkingTokens: Math.max(learnedThinkingTokens, reasons ? leastThinkingTokens : 0),
    temperature: !reasons && !refused.has('temperature'),
    reasoningEffort: reasons && !refused.has('reasoning_effort') ? effort : undefined,
    streamOptions: !refused.has('stream_options'),
    prediction: !reasons && !refused.has('prediction'),
    responseFormat: !refused.has('response_format'),
    systemRole: !refused.has('system_role'),
  };
}

/** What has been found out about how one model of one endpoint wants to be asked. It is kept as long as the engine is. */
export class LearnedDialect {
  readonly #model: string;
  readonly #refused = new Set<Refusable>();
  #thinkingTokens = 0;

  constructor(model: string) {
    this.#model = model;
  }

  /** @param now what one call alone does without besides */
  dialect(now: ReadonlySet<Refusable> = new Set()): Dialect {
    return dialectOf(this.#model, new Set([...this.#refused, ...now]), this.#thinkingTokens);
  }

  refuse(refused: Refusable): void {
    this.#refused.add(refused);
  }

  /**
   * The reasoning of the model used up the output limit of a request in this dialect.
   *
   * @returns whether the limit is higher now, be it raised by another call
   */
  raiseThinkingTokens(asked: Dialect): boolean {
    const more = moreThinkingTokens(asked.thinkingTokens);
    if (more === undefined) return false;
    this.#thinkingTokens = Math.max(this.#thinkingTokens, more);
    return true;
  }
}
