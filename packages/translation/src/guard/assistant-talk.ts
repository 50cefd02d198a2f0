import { baseLanguage } from '@parley/protocol';
import type { TranslationRequest } from '../engine/engine.ts';
import { assistantPhrases } from './assistant-phrases.ts';

const allPhrases = Object.values(assistantPhrases);

/**
 * Whether a reply talks as an assistant does, in whatever language, while the text has nothing of the kind: "I'm sorry,
 * I can't help with that" is a good translation of a speaker who says so. Where the language of the text isn't known
 * here, nothing is found.
 */
export function isAssistantTalk({ text, source }: Pick<TranslationRequest, 'text' | 'source'>, reply: string): boolean {
  const alike = assistantPhrases[baseLanguage(source)]?.alike;
  if (alike === undefined || alike.test(text)) return false;
  return allPhrases.some(({ says }) => says.test(reply));
}
