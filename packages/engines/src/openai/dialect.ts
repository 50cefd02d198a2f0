/** The parameters that not every model or server takes. */
const optionalParameters = [
  'max_completion_tokens',
  'max_tokens',
  'temperature',
  'reasoning_effort',
  'stream_options',
  'prediction',
] as const;

export type OptionalParameter = (typeof optionalParameters)[number];

/** How a model wants to be asked. */
export interface Dialect {
  /** The name of the output limit; `undefined`: it takes none. */
  readonly outputLimit: 'max_tokens' | 'max_completion_tokens' | undefined;
  /** Whether the limit also has to hold what the model thinks before it answers. */
  readonly reasons: boolean;
  readonly temperature: boolean;
  readonly reasoningEffort: 'low' | 'minimal' | undefined;
  readonly streamOptions: boolean;
  /** Whether it takes a predicted output: https://platform.openai.com/docs/guides/predicted-outputs */
  readonly prediction: boolean;
}

/** OpenAI's reasoning models, also behind a gateway's prefix such as `openai/`: https://platform.openai.com/docs/guides/reasoning */
const oSeries = /(^|\/)o\d/;
const gpt5 = /(^|\/)gpt-5(?!.*chat)/;

/**
 * The dialect of a model, from its name and from what its endpoint has refused so far. Every refusal takes something
 * away, so learning comes to an end.
 */
export function dialectOf(model: string, refused: ReadonlySet<OptionalParameter>): Dialect {
  const reasons = oSeries.test(model) || gpt5.test(model);
  const limits = reasons
    ? (['max_completion_tokens', 'max_tokens'] as const)
    : (['max_tokens', 'max_completion_tokens'] as const);
  const effort = gpt5.test(model) ? 'minimal' : 'low';
  return {
    outputLimit: limits.find((name) => !refused.has(name)),
    reasons,
    temperature: !reasons && !refused.has('temperature'),
    reasoningEffort: reasons && !refused.has('reasoning_effort') ? effort : undefined,
    streamOptions: !refused.has('stream_options'),
    prediction: !reasons && !refused.has('prediction'),
  };
}

const refusal = /unsupported|not support|unknown|unrecogni[sz]ed|unexpected|extra|not (?:permitted|allowed)/i;

/**
 * The parameter that an error 400 is about, if it is one of those that `sent` holds and can do without. OpenAI names
 * it in `param`; others only in the message, where the first one named is the one refused ("Unsupported parameter:
 * 'max_tokens' ... Use 'max_completion_tokens' instead").
 */
export function refusedParameter(
  error: { readonly param: string | undefined; readonly code: string | undefined; readonly message: string },
  sent: Readonly<Record<string, unknown>>,
): OptionalParameter | undefined {
  if (!refusal.test(`${error.code ?? ''} ${error.message}`)) return undefined;
  const candidates = optionalParameters.filter((name) => name in sent);
  const byParam = candidates.find((name) => name === error.param);
  if (byParam !== undefined) return byParam;
  const position = (name: string) => error.message.indexOf(name);
  return candidates.filter((name) => position(name) >= 0).sort((a, b) => position(a) - position(b))[0];
}
