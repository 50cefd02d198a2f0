import type { TranslationRequest } from '../engine/engine.ts';
import { letterWeight } from '../letter-weight.ts';
import { speaksRather } from './identify-language.ts';
import { areNearIdentical } from './near-identical-languages.ts';
import { repeatedWords, saysMuch, saysSomething } from './ordinary-words.ts';
import { hasTargetScript } from './target-script.ts';

/** A text up to this weight may well be its own translation. */
const longestTrueEcho = 40;

/** A text of fewer different words, over and over, says nothing in any language: la la la. */
const fewestWordsOfSense = 3;

/**
 * Whether a reply that is the text itself is plainly right: the text is short, of names, numbers, URLs and the like, sung
 * or repeated, in the target language already, or between languages that are nearly the same.
 */
export function isOwnTranslation({
  text,
  source,
  target,
}: Pick<TranslationRequest, 'text' | 'source' | 'target'>): boolean {
  if (letterWeight(text) <= longestTrueEcho || !saysSomething(text)) return true;
  if (areNearIdentical(source, target) && hasTargetScript(text, target) !== false) return true;
  // In German, half of a sentence looks like names.
  if (!saysMuch(text)) return !speaksRather(text, source, target);
  const words = repeatedWords(text);
  if (words !== undefined) return words < fewestWordsOfSense || !speaksRather(text, source, target);
  return speaksRather(text, target, source);
}
