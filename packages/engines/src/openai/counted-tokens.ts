import { estimateTokens, type EngineUsage } from '@parley/translation';
import type { ChatRequest } from './chat-request.ts';

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
