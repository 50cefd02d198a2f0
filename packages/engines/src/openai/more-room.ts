import type { BatchPiece, EngineUsage, TranslationPiece } from '@parley/translation';
import { OutputLimitError } from './output-limit-error.ts';

const mostTokensPerCharacter = 3;

/** A reasoning block that the model writes into its reply. */
const unendedThoughts = /^\s*<think(?:ing)?>(?![\s\S]*<\/think(?:ing)?>)/;

/**
 * Whether it was the thoughts of a model that took the place of its reply: of that there is nothing, or far less than the
 * tokens that were written. A reply that ran away is as long as its tokens are many.
 */
function isSpentOnThoughts(text: string, usage: EngineUsage | undefined): boolean {
  if (text.trim() === '' || unendedThoughts.test(text)) return true;
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
 * Asks again, with more room, where the thoughts of a model took all that its reply had. What was given of a reply can't be
 * taken back, so one that had begun fails, and the next call has the room. The tokens of all of them are told as one call's.
 *
 * @param leaveMoreRoom returns whether there is more room now
 */
export async function* withMoreRoom<Piece extends TranslationPiece | BatchPiece>(
  ask: () => AsyncIterable<Piece>,
  leaveMoreRoom: () => boolean,
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
      if (!isSpentOnThoughts(text + error.unread, usage) || !leaveMoreRoom() || text !== '') throw error;
      spent = usage && sumOf(usage, spent);
    }
  }
}
