import { estimateTokens, type EngineUsage, type TranslationRequest } from '@parley/translation';
import type { Dialect } from './dialect.ts';
import { foldInstructions } from './folded-instructions.ts';
import { chatMessages, type ChatMessage } from './prompt.ts';

/** The body of a `POST /chat/completions`: https://platform.openai.com/docs/api-reference/chat/create */
export type ChatRequest = Readonly<Record<string, unknown>> & {
  readonly stream: boolean;
  readonly messages: readonly ChatMessage[];
};

/** No model that is still served allows fewer tokens in a reply. */
const maxOutputTokens = 4096;

/**
 * The most tokens that the translation of a text may need: two for each of its characters and 64 more, at most 4,096.
 * A model that runs away is stopped there. Languages with alphabets take a token for three or four characters of
 * their own, the most costly scripts about one for each, and a character of Chinese becomes up to two English words.
 */
export function outputLimitTokens(text: string): number {
  const characters = Array.from(text).length;
  return Math.min(maxOutputTokens, 64 + 2 * characters);
}

/** How one model of one endpoint is asked. */
interface ChatStyle {
  readonly model: string;
  readonly stream: boolean;
  readonly dialect: Dialect;
  /** Whether what was shown before goes along as a prediction, where the model takes one. */
  readonly predictions: boolean;
}

/**
 * The prediction or the limit of the reply: the API refuses the two together. A prediction is bounded by its text, and
 * a reply that runs away is cut off by its reader.
 */
function outputBounds(request: TranslationRequest, { dialect, predictions }: ChatStyle): Record<string, unknown> {
  const { previous = '' } = request;
  if (predictions && dialect.prediction && previous !== '') {
    return { prediction: { type: 'content', content: previous } };
  }
  if (dialect.outputLimit === undefined) return {};
  return { [dialect.outputLimit]: outputLimitTokens(request.text) + dialect.thinkingTokens };
}

/** The chat, with instructions of their own or in the first user message. */
export function messagesIn({ systemRole }: Dialect, messages: readonly ChatMessage[]): readonly ChatMessage[] {
  return systemRole ? messages : foldInstructions(messages);
}

/** Builds the body in the words that the model understands. */
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
 * What a request counts as under a limit of tokens, as OpenAI does it: its messages, of which the tokens are estimated, and
 * the output that it asks room for; one that names no bound is taken to need as much as its messages.
 */
export function countedTokens(request: ChatRequest): EngineUsage {
  const { messages, max_tokens: maxTokens, max_completion_tokens: maxCompletionTokens } = request;
  const promptTokens = estimateTokens(JSON.stringify(messages));
  const bound = maxTokens ?? maxCompletionTokens;
  return { promptTokens, completionTokens: typeof bound === 'number' ? bound : promptTokens };
}
