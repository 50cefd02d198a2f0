import type { GlossaryEntry, TranslationRequest } from './engine/engine.ts';
import { normalizeText } from './normalize-text.ts';

/** Scripts that are written without spaces, or that join articles and particles to a word: there a term counts anywhere. */
const unspaced =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}\p{scx=Arab}\p{scx=Hebr}]/u;
const wordCharacter = /[\p{L}\p{M}\p{N}]/u;

/** From this many characters on, a term may have an ending. */
const shortestWithEnding = 4;
const longestEnding = 3;

function isWithin(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return wordCharacter.test(one) && wordCharacter.test(other) && !unspaced.test(one) && !unspaced.test(other);
}

/** The length of the rest of the word in which `characters` stops. */
function ending(characters: readonly string[]): number {
  const end = characters.findIndex((character) => !wordCharacter.test(character));
  return end < 0 ? characters.length : end;
}

function occurs(term: string, text: string): boolean {
  const termCharacters = Array.from(term);
  const allowed = termCharacters.length >= shortestWithEnding ? longestEnding : 0;
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
    const after = Array.from(text.slice(at + term.length, at + term.length + 2 * (longestEnding + 1)));
    const beginsWord = !isWithin(Array.from(text.slice(Math.max(0, at - 2), at)).at(-1), termCharacters[0]);
    const endsWord = !isWithin(termCharacters.at(-1), after[0]) || ending(after) <= allowed;
    if (beginsWord && endsWord) return true;
  }
  return false;
}

/**
 * The terms of the glossary that occur in the text, whatever their case: as words of their own, longer ones also with
 * an ending of up to three letters. Other inflections are not found.
 */
export function occurringTerms({
  text,
  source,
  glossary = [],
}: Pick<TranslationRequest, 'text' | 'source' | 'glossary'>): GlossaryEntry[] {
  const comparable = (words: string): string => normalizeText(words).toLocaleLowerCase(source);
  const spoken = comparable(text);
  return glossary.filter((entry) => {
    const term = comparable(entry.source);
    return term !== '' && occurs(term, spoken);
  });
}
