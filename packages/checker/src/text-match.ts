import { isBlank, isOwnLanguage } from '@parley/protocol';
import type { SentText } from './segment-history.ts';

/** Reverses the fake translation of an engine: returns the source text, or `undefined` if the mark is missing. */
export type SourceOf = (translation: string, targetLanguage: string) => string | undefined;

/** What the local engine's paraphrases add to words and between them: `good~4 morning ~2 everyone~7.` */
const rewordings = [/(?<=\S) ~\d(?=\s|$)/g, /~\d(?=\p{P}*(?:\s|$))/gu];

/**
 * The local engine writes the target language in brackets before the text: `[es] good morning`, or `[es, reworded]
 * good morning~3` if it paraphrases. Each piece of a long partial has its own mark.
 */
export const sourceOfMarked: SourceOf = (translation, targetLanguage) => {
  const mark = `[${targetLanguage}] `;
  if (translation.startsWith(mark)) return translation.replaceAll(mark, '');
  const rewordedMark = `[${targetLanguage}, reworded] `;
  if (!translation.startsWith(rewordedMark)) return undefined;
  const reworded = translation.replaceAll(rewordedMark, '');
  return rewordings.reduce((text, rewording) => text.replace(rewording, ''), reworded);
};

/**
 * Whether `translation` can be a translation of this text. Without `sourceOf`, checks only what holds for every
 * engine: empty text stays empty, other text does not become empty, and a segment in the target language is returned
 * unchanged.
 */
export function isTranslationOf(
  sent: SentText,
  translation: string,
  targetLanguage: string,
  sourceOf: SourceOf | undefined,
): boolean {
  const source = normalize(sent.text);
  if (source === '') return translation === '';
  if (isOwnLanguage(sent.language, targetLanguage)) return normalize(translation) === source;
  if (sourceOf === undefined) return normalize(translation) !== '';
  const undone = sourceOf(translation, targetLanguage);
  return undone !== undefined && normalize(undone) === source;
}

/** Collapses white space; a text with nothing visible becomes empty. */
function normalize(text: string): string {
  return isBlank(text) ? '' : text.trim().replace(/\s+/g, ' ');
}
