import type { EngineFaultEffect } from '@parley/config';
import type { ChatRequest } from '../chat-request.ts';
import { assistantAnswer } from '../faults/assistant-answers.ts';
import type { Translator } from '../translators/translator.ts';

/**
 * What a reply says: the translation, or what a fault puts in its place.
 *
 * @param number of the request, since the start
 */
export async function replyContent(
  { text, source, target }: ChatRequest,
  fault: EngineFaultEffect | undefined,
  { translator, number, signal }: { translator: Translator; number: number; signal: AbortSignal },
): Promise<string> {
  if (fault !== undefined && 'reply' in fault) return fault.reply;
  if (fault !== undefined && 'effect' in fault && fault.effect === 'answer') return assistantAnswer(number);
  return await translator.translate({ text, source, target, signal });
}
