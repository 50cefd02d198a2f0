/** Parameters that some models or servers do not accept. */
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

/** What can be omitted from a request: a parameter, or the system role. */
export type Refusable = OptionalParameter | 'system_role';

/** The parameters that a model accepts. */
export interface Dialect {
  /** The name of the output limit; `undefined`: not supported. */
  readonly outputLimit: 'max_tokens' | 'max_completion_tokens' | undefined;
  /** Tokens reserved in the output limit for reasoning. */
  readonly thinkingTokens: number;
  readonly temperature: boolean;
  readonly reasoningEffort: 'low' | 'minimal' | undefined;
  readonly streamOptions: boolean;
  /** Whether predicted output is supported: https://platform.openai.com/docs/guides/predicted-outputs */
  readonly prediction: boolean;
  /** Whether structured output is supported: https://platform.openai.com/docs/guides/structured-outputs */
  readonly responseFormat: boolean;
  /** `false`: instructions are sent in the first user message. */
  readonly systemRole: boolean;
}

/** OpenAI's reasoning models, optionally with a gateway's prefix such as `openai/`: https://platform.openai.com/docs/guides/reasoning */
const oSeries = /(^|\/)o\d/;
const gpt5 = /(^|\/)gpt-5(?!.*chat)/;

/** Initial reserve for reasoning. */
const leastThinkingTokens = 2048;
/** Maximum reserve for reasoning; after a reply that ran out of the initial reserve. */
const mostThinkingTokens = 16_384;

/** Returns the next larger reserve for reasoning; `undefined`: already at the maximum. */
export function moreThinkingTokens(tokens: number): number | undefined {
  if (tokens >= mostThinkingTokens) return undefined;
  return tokens === 0 ? leastThinkingTokens : mostThinkingTokens;
}

/**
 * Returns the dialect of a model, based on its name and on what its endpoint has refused. Each refusal removes something,
 * so retries terminate.
 *
 * @param learnedThinkingTokens reserve for reasoning that earlier replies needed
 */
export function dialectOf(model: string, refused: ReadonlySet<Refusable>, learnedThinkingTokens = 0): Dialect {
  const isReasoning = oSeries.test(model) || gpt5.test(model);
  // Only OpenAI's reasoning models refuse the old name of the limit, whatever the deployment is called.
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

/** What is known about the dialect of one model of one endpoint, for the lifetime of the engine. */
export class LearnedDialect {
  readonly #model: string;
  readonly #refused = new Set<Refusable>();
  #thinkingTokens = 0;

  constructor(model: string) {
    this.#model = model;
  }

  /** @param now additional omissions for one call only */
  dialect(now: ReadonlySet<Refusable> = new Set()): Dialect {
    return dialectOf(this.#model, new Set([...this.#refused, ...now]), this.#thinkingTokens);
  }

  refuse(refused: Refusable): void {
    this.#refused.add(refused);
  }

  /**
   * Raises the reserve after the model's reasoning used up the output limit of a request in the `asked` dialect.
   *
   * @returns whether the reserve is now higher, even if another call raised it
   */
  raiseThinkingTokens(asked: Dialect): boolean {
    const more = moreThinkingTokens(asked.thinkingTokens);
    if (more === undefined) return false;
    this.#thinkingTokens = Math.max(this.#thinkingTokens, more);
    return true;
  }
}
