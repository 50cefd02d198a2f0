import type { TranslationRequest } from '../engine/engine.ts';
import { letterWeight } from '../letter-weight.ts';
import { isClearlyIn } from './identify-language.ts';
import { areNearIdentical } from './near-identical-languages.ts';
import { repeatedWords, hasEnoughWords, hasOrdinaryWords } from './ordinary-words.ts';
import { hasTargetScript } from './target-script.ts';

/** Up to this weight, a text may be its own translation. */
const longestTrueEcho = 40;

/** Repetitions of fewer distinct words have no meaning in any language: la la la. */
const fewestWordsOfSense = 3;

/**
 * Whether returning the text unchanged is plainly correct: it is short, consists of names, numbers, URLs and the like, is
 * sung or repetitive, is already in the target language, or the two languages are nearly identical.
 */
export function isOwnTranslation({
  text,
  source,
  target,
}: Pick<TranslationRequest, 'text' | 'source' | 'target'>): boolean {
  if (letterWeight(text) <= longestTrueEcho || !hasOrdinaryWords(text)) return true;
  if (areNearIdentical(source, target) && hasTargetScript(text, target) !== false) return true;
  // In German, every noun looks like a name.
  if (!hasEnoughWords(text)) return !isClearlyIn(text, source, target);
  const words = repeatedWords(text);
  if (words !== undefined) return words < fewestWordsOfSense || !isClearlyIn(text, source, target);
  return isClearlyIn(text, target, source);
}
