import { baseLanguage } from '@parley/protocol';
import type { TranslationRequest } from '../engine/engine.ts';
import { assistantPhrases } from './assistant-phrases.ts';
import { hasDenial, mentionsHelp, mentionsTexts } from './speaker-words.ts';

/**
 * Whether a reply reads like an assistant's own message (in the target language, the source language or English) while
 * the text contains nothing similar: "I'm sorry, I can't help with that" is a correct translation if the speaker said so.
 * If the vocabulary of the source language is not covered, only the reply is checked: flagging a good translation is
 * less harmful than showing a refusal as a translation.
 */
export function isAssistantTalk(
  request: Pick<TranslationRequest, 'text' | 'source' | 'target'>,
  reply: string,
): boolean {
  const { text, source, target } = request;
  const languages = new Set([baseLanguage(target), baseLanguage(source), 'en']);
  return [...languages].some((language) => {
    const phrases = assistantPhrases[language];
    if (phrases === undefined) return false;
    if (phrases.refusal.test(reply) && hasDenial(text, source) !== true) return true;
    if (phrases.offer.test(reply) && !mentionsHelp(text)) return true;
    return phrases.remark.test(reply) && !mentionsTexts(text);
  });
}
