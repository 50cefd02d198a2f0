import { baseLanguage } from '@parley/protocol';
import type { TranslationRequest } from '../engine/engine.ts';
import { assistantPhrases, talkKinds } from './assistant-phrases.ts';
import { speakerWords } from './speaker-words.ts';

const phrases = Object.values(assistantPhrases);

/**
 * Whether a reply talks as an assistant does, in whatever language, while the text has nothing of the kind: "I'm sorry,
 * I can't help with that" is a good translation of a speaker who says so. Where the words of the text's language aren't
 * known here, the reply alone is looked at: a speaker whose good translation then gets a mark loses less than one who is
 * shown a refusal as if it were a translation.
 */
export function isAssistantTalk({ text, source }: Pick<TranslationRequest, 'text' | 'source'>, reply: string): boolean {
  const words = speakerWords[baseLanguage(source)];
  return talkKinds.some((kind) => !words?.[kind].test(text) && phrases.some((says) => says[kind].test(reply)));
}
