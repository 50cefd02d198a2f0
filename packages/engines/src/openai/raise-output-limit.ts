import { EngineError, type EngineUsage } from '@parley/translation';
import { OutputLimitError } from './finish-reason.ts';

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

function sumOf(one: EngineUsage | undefined, other: EngineUsage | undefined): EngineUsage | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return {
    promptTokens: one.promptTokens + other.promptTokens,
    completionTokens: one.completionTokens + other.completionTokens,
  };
}

/**
 * Asks again with a higher output limit where a model's reasoning used up the limit of its reply. Text that was heard
 * can't be taken back, so a reply that had begun fails, and the next call has the higher limit. The usage of all attempts
 * is told as that of one call.
 *
 * @param ask makes one request; what it hands to `onText` was heard
 * @param raiseThinkingTokens raises the limit for the next request; returns whether it is higher now
 */
export async function askRaisingOutputLimit<Answer extends { readonly usage?: EngineUsage | undefined }>(
  ask: (onText: (text: string) => void) => Promise<Answer>,
  onText: (text: string) => void,
  raiseThinkingTokens: () => boolean,
): Promise<Answer> {
  let spent: EngineUsage | undefined;
  for (;;) {
    let heard = '';
    try {
      const answer = await ask((text) => {
        heard += text;
        onText(text);
      });
      return { ...answer, usage: sumOf(answer.usage, spent) };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const isRaised =
        error instanceof OutputLimitError &&
        isSpentOnReasoning(heard + error.unread, error.usage) &&
        raiseThinkingTokens();
      error.usage = sumOf(error.usage, spent);
      if (!isRaised || heard !== '') throw error;
      spent = error.usage;
    }
  }
}
