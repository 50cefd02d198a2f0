import { estimateTokens, type EngineUsage, type TranslationRequest } from '@parley/translation';
import type { Dialect } from './dialect.ts';
import { foldInstructions } from './folded-instructions.ts';
import { chatMessages, type ChatMessage } from './prompt.ts';

/** The body of a `POST /chat/completions`: https://platform.openai.com/docs/api-reference/chat/create */
export type ChatRequest = Readonly<Record<string, unknown>> & {
  readonly stream: boolean;
  readonly messages: readonly ChatMessage[];
};

/** All models currently served allow at least this many tokens in a reply. */
const maxOutputTokens = 4096;

/**
 * Returns the output limit for a text: two tokens per character plus 64, at most 4,096, which stops a runaway model.
 * Alphabetic languages use one token per three or four characters, the most expensive scripts about one per character, and
 * a Chinese character becomes up to two English words.
 */
export function outputLimitTokens(text: string): number {
  const characters = Array.from(text).length;
  return Math.min(maxOutputTokens, 64 + 2 * characters);
}

/** How to call one model of one endpoint. */
interface ChatStyle {
  readonly model: string;
  readonly stream: boolean;
  readonly dialect: Dialect;
  /** Whether to send the last shown translation as predicted output, if the model supports it. */
  readonly predictions: boolean;
}

/**
 * Returns the prediction or the output limit; the API does not allow both. With a prediction, the length is bounded by the
 * reader of the reply.
 */
function outputBounds(request: TranslationRequest, { dialect, predictions }: ChatStyle): Record<string, unknown> {
  const { translation = '' } = request.previous ?? {};
  if (predictions && dialect.prediction && translation !== '') {
    return { prediction: { type: 'content', content: translation } };
  }
  if (dialect.outputLimit === undefined) return {};
  return { [dialect.outputLimit]: outputLimitTokens(request.text) + dialect.thinkingTokens };
}

/** Returns the messages, with the instructions folded into the first user message if there is no system role. */
export function messagesIn({ systemRole }: Dialect, messages: readonly ChatMessage[]): readonly ChatMessage[] {
  return systemRole ? messages : foldInstructions(messages);
}

/** Builds the request body in the dialect of the model. */
export function chatRequest(request: TranslationRequest, style: ChatStyle): ChatRequest {
  const { model, stream, dialect } = style;
  return {
    model,
    messages: messagesIn(dialect, chatMessages(request)),
    stream,
    ...(stream && dialect.streamOptions ? { stream_options: { include_usage: true } } : {}),
    ...(dialect.temperature ? { temperature: 0 } : {}),
    ...outputBounds(request, style),
    ...(dialect.reasoningEffort === undefined ? {} : { reasoning_effort: dialect.reasoningEffort }),
  };
}

/**
 * Estimates what a request counts under a token limit, as OpenAI does: the tokens of its messages, plus the maximum output
 * requested; without a maximum, as much as the messages.
 */
export function countedTokens(request: ChatRequest): EngineUsage {
  const { messages, max_tokens: maxTokens, max_completion_tokens: maxCompletionTokens } = request;
  const promptTokens = estimateTokens(JSON.stringify(messages));
  const bound = maxTokens ?? maxCompletionTokens;
  return { promptTokens, completionTokens: typeof bound === 'number' ? bound : promptTokens };
}
