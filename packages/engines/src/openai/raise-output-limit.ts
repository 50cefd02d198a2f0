import { EngineError, type EngineUsage } from '@parley/translation';
import { OutputLimitError } from './finish-reason.ts';

const mostTokensPerCharacter = 3;

/** A reasoning block in the text of the reply. */
const unclosedReasoning = /^\s*<think(?:ing)?>(?![\s\S]*<\/think(?:ing)?>)/;

/**
 * Whether the model's reasoning used up the limit: the reply is empty or far shorter than its completion tokens, unlike a
 * reply that is merely too long.
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
 * Repeats a request with a higher output limit if the model's reasoning used up the limit. Text already passed on cannot be
 * retracted, so a reply that had begun fails, and the next call has the higher limit. The usage of all attempts is summed.
 *
 * @param ask makes one request; what it passes to `onText` is passed on
 * @param raiseThinkingTokens raises the limit for the next request; returns whether it is now higher
 */
export async function askRaisingOutputLimit<Answer extends { readonly usage?: EngineUsage | undefined }>(
  ask: (onText: (text: string) => void) => Promise<Answer>,
  onText: (text: string) => void,
  raiseThinkingTokens: () => boolean,
): Promise<Answer> {
  let spent: EngineUsage | undefined;
  for (;;) {
    let received = '';
    try {
      const answer = await ask((text) => {
        received += text;
        onText(text);
      });
      return { ...answer, usage: sumOf(answer.usage, spent) };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const isRaised =
        error instanceof OutputLimitError &&
        isSpentOnReasoning(received + error.unread, error.usage) &&
        raiseThinkingTokens();
      error.usage = sumOf(error.usage, spent);
      if (!isRaised || received !== '') throw error;
      spent = error.usage;
    }
  }
}
