import { baseLanguage } from '@parley/protocol';
import type { TranslationRequest } from '../engine/engine.ts';
import { assistantPhrases } from './assistant-phrases.ts';
import { denies, speaksOfHelp, speaksOfTexts } from './speaker-words.ts';

/**
 * Whether a reply talks as an assistant does, in the language of the target, of the text or in English, while the text
 * has nothing of the kind: "I'm sorry, I can't help with that" is a good translation of a speaker who says so. Where the
 * words of the text's language aren't known here, the reply alone is looked at: a speaker whose good translation then gets
 * a mark loses less than one who is shown a refusal as if it were a translation.
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
    if (phrases.refusal.test(reply) && denies(text, source) !== true) return true;
    if (phrases.offer.test(reply) && !speaksOfHelp(text)) return true;
    return phrases.remark.test(reply) && !speaksOfTexts(text);
  });
}
