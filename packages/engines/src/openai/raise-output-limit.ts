import type { BatchPiece, EngineUsage, TranslationPiece } from '@parley/translation';
import { OutputLimitError } from './output-limit-error.ts';

const mostTokensPerCharacter = 3;

/** A reasoning block that the model writes into its reply. */
const unclosedReasoning = /^\s*<think(?:ing)?>(?![\s\S]*<\/think(?:ing)?>)/;

/**
 * Whether a model's reasoning used up the limit: the reply is empty, or far shorter than its completion tokens. A reply that
 * merely ran on is as long as its tokens are many.
 */
function isSpentOnReasoning(text: string, usage: EngineUsage | undefined): boolean {
  if (text.trim() === '' || unclosedReasoning.test(text)) return true;
  return usage !== undefined && usage.completionTokens > 64 + mostTokensPerCharacter * text.length;
}

function sumOf(one: EngineUsage, other: EngineUsage | undefined): EngineUsage {
  if (other === undefined) return one;
  return {
    promptTokens: one.promptTokens + other.promptTokens,
    completionTokens: one.completionTokens + other.completionTokens,
  };
}

/**
 * Asks again with a higher output limit where a model's reasoning used up the limit of its reply. Pieces that were yielded
 * can't be taken back, so a reply that had begun fails, and the next call has the higher limit. The usage of all attempts is
 * reported as that of one call.
 *
 * @param raiseThinkingTokens raises the limit for the next request; returns whether it is higher now
 */
export async function* askRaisingOutputLimit<Piece extends TranslationPiece | BatchPiece>(
  ask: () => AsyncIterable<Piece>,
  raiseThinkingTokens: () => boolean,
): AsyncGenerator<Piece> {
  let spent: EngineUsage | undefined;
  for (;;) {
    let text = '';
    let usage: EngineUsage | undefined;
    try {
      for await (const piece of ask()) {
        if (piece.type === 'text') text += piece.text;
        if (piece.type === 'usage') {
          usage = piece.usage;
          yield { ...piece, usage: sumOf(usage, spent) };
        } else {
          yield piece;
        }
      }
      return;
    } catch (error) {
      if (!(error instanceof OutputLimitError)) throw error;
      if (!isSpentOnReasoning(text + error.unread, usage) || !raiseThinkingTokens() || text !== '') throw error;
      spent = usage && sumOf(usage, spent);
    }
  }
}
