import type { TokenUsage } from '../stats.ts';

/** The fields that all parts of a reply share. */
export interface CompletionHead {
  readonly id: string;
  readonly model: string;
  /** Unix time in seconds. */
  readonly created: number;
}

export type FinishReason = 'stop' | 'length';

function usageBody({ promptTokens, completionTokens }: TokenUsage): Record<string, number> {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

/** Returns the body of an unstreamed reply, OpenAI's `chat.completion` object. */
export function completionBody(
  { id, model, created }: CompletionHead,
  content: string,
  finishReason: FinishReason,
  usage: TokenUsage,
): object {
  return {
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null },
        logprobs: null,
        finish_reason: finishReason,
      },
    ],
    usage: usageBody(usage),
  };
}

/** Writes a streamed reply as server-sent events: OpenAI's `chat.completion.chunk` objects, then `[DONE]`. */
export class CompletionEvents {
  readonly #head: CompletionHead;
  readonly #withUsage: boolean;

  /** @param withUsage `stream_options.include_usage`: the last chunk has the usage, the others `null` */
  constructor(head: CompletionHead, withUsage: boolean) {
    this.#head = head;
    this.#withUsage = withUsage;
  }

  start(): string {
    return this.#choice({ role: 'assistant', content: '', refusal: null }, null);
  }

  content(content: string): string {
    return this.#choice({ content }, null);
  }

  end(finishReason: FinishReason, usage: TokenUsage): string {
    const last = this.#withUsage ? this.#chunk([], usageBody(usage)) : '';
    return `${this.#choice({}, finishReason)}${last}data: [DONE]\n\n`;
  }

  #choice(delta: object, finishReason: FinishReason | null): string {
    return this.#chunk([{ index: 0, delta, logprobs: null, finish_reason: finishReason }], null);
  }

  #chunk(choices: readonly object[], usage: object | null): string {
    const { id, model, created } = this.#head;
    const chunk = {
      id,
      object: 'chat.completion.chunk',
      created,
      model,
      choices,
      ...(this.#withUsage && { usage }),
    };
    return `data: ${JSON.stringify(chunk)}\n\n`;
  }
}
