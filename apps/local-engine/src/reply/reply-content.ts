import type { EngineFaultEffect } from '@parley/config';
import { batchContent } from '../batch/batch-content.ts';
import type { ChatRequest } from '../chat-request.ts';
import { assistantAnswer } from '../faults/assistant-answers.ts';
import type { Translator } from '../translators/translator.ts';

/**
 * Returns the content of a reply: the translation of each text, or what a fault replaces it with. With the fault `answer`,
 * the last text of a batch gets an assistant's answer.
 *
 * @param number the number of the request since the start
 */
export async function replyContent(
  { texts, previous, source, target, batch }: ChatRequest,
  fault: EngineFaultEffect | undefined,
  { translator, number, signal }: { translator: Translator; number: number; signal: AbortSignal },
): Promise<string> {
  if (fault !== undefined && 'reply' in fault) return fault.reply;
  const effect = fault !== undefined && 'effect' in fault ? fault.effect : undefined;
  const translations: string[] = [];
  for (const [place, text] of texts.entries()) {
    const answered = effect === 'answer' && place === texts.length - 1;
    translations.push(
      answered ? assistantAnswer(number) : await translator.translate({ text, source, target, previous, signal }),
    );
  }
  if (batch === undefined) return translations.join('');
  if (effect === 'wrong-length') translations.pop();
  const content = batchContent(batch, translations);
  return effect === 'broken-json' ? content.slice(0, content.length / 2) : content;
}
