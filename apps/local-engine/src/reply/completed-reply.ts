import type { ChatRequest } from '../chat-request.ts';
import type { TokenUsage } from '../stats.ts';
import { countTokens, tokenize } from '../tokens.ts';
import type { FinishReason } from './completion.ts';

/** A complete reply that has not been sent yet. */
export interface CompletedReply {
  readonly tokens: readonly string[];
  readonly finishReason: FinishReason;
  readonly usage: TokenUsage;
}

/** Truncates the content at the request's token limit. */
export function completedReply({ prompt, maxTokens }: ChatRequest, content: string): CompletedReply {
  const all = tokenize(content);
  const tokens = all.slice(0, maxTokens);
  return {
    tokens,
    finishReason: tokens.length < all.length ? 'length' : 'stop',
    usage: { promptTokens: countTokens(prompt), completionTokens: tokens.length },
  };
}
