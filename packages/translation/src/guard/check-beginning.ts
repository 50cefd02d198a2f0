import { normalizeText } from '../normalize-text.ts';
import { isInForeignLetters, isTalk, repeatsText, tellsEchoes, type GuardedRequest } from './check-reply.ts';
import { areNearIdentical } from './near-identical-languages.ts';
import { bareLetters } from './ordinary-words.ts';

/**
 * Letter by letter, so that what has come of a text is its beginning, also where an accent is yet to come.
 */
function lettersOf(text: string): string {
  return bareLetters(text.normalize('NFD'));
}

/** The beginning of the text itself, or the text and something behind it. */
function beginsAsText(text: string, soFar: string): boolean {
  const [said, answered] = [lettersOf(text), lettersOf(soFar)];
  return said.startsWith(answered) || answered.startsWith(said);
}

/**
 * Whether what has come of a reply can be shown as the beginning of a translation. Names and numbers that come first may
 * be the same in both languages, and another script than the target's: they wait until what follows tells.
 */
export function isShowableBeginning(request: GuardedRequest, soFar: string): boolean {
  const text = normalizeText(request.text);
  if (!areNearIdentical(request.source, request.target) && tellsEchoes(text)) {
    if (beginsAsText(text, soFar) || repeatsText(text, soFar)) return false;
  }
  return !isInForeignLetters(request, soFar) && !isTalk(request, soFar);
}
