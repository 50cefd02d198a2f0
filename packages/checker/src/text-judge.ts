import { isBlank, isOwnLanguage } from '@parley/protocol';
import type { SentText } from './segment-history.ts';

/** Undoes the marked stand-in of an engine: gives the source text, or `undefined` where the mark is not there. */
export type SourceOf = (translation: string, targetLanguage: string) => string | undefined;

/** What the local engine's paraphrases add to words, and between them: `good~4 morning ~2 everyone~7.` */
const rewordings = [/(?<=\S) ~\d(?=\s|$)/g, /~\d(?=\p{P}*(?:\s|$))/gu];

/**
 * The local engine's stand-in writes the target language in brackets before the text: `[es] good morning`, or
 * `[es, reworded] good morning~3` where it paraphrases. Each piece of a long partial has a mark of its own.
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
 * Whether a translation can be one of this text. Without `sourceOf` only what holds for every engine is judged: empty
 * stays empty, nothing else becomes empty, and a segment in the target language itself comes back as it is.
 */
export function canTranslate(
  sent: SentText,
  translation: string,
  targetLanguage: string,
  sourceOf: SourceOf | undefined,
): boolean {
  const source = collapsed(sent.text);
  if (source === '') return translation === '';
  if (isOwnLanguage(sent.language, targetLanguage)) return collapsed(translation) === source;
  if (sourceOf === undefined) return collapsed(translation) !== '';
  const undone = sourceOf(translation, targetLanguage);
  return undone !== undefined && collapsed(undone) === source;
}

/** What shows nothing is empty. */
function collapsed(text: string): string {
  return isBlank(text) ? '' : text.trim().replace(/\s+/g, ' ');
}
