import type { GlossaryEntry, TranslationRequest } from './engine/engine.ts';
import { normalizeText } from './normalize-text.ts';

/** Scripts that are written without spaces, or that join articles and particles to a word: there a term counts anywhere. */
const unspaced =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}\p{scx=Arab}\p{scx=Hebr}]/u;
const wordCharacter = /[\p{L}\p{M}\p{N}]/u;

/** From this many characters on, a term may have an ending. */
const shortestWithEnding = 4;
const longestEnding = 3;

/** A term in its characters, and whether it was found. */
interface Term {
  readonly characters: readonly string[];
  isFound: boolean;
}

/** Terms that begin alike. So few are compared one by one; more of them branch out by their next character. */
interface Branch {
  readonly terms: readonly Term[];
  readonly next: ReadonlyMap<string, Branch>;
}

const comparedOneByOne = 4;

/** @param depth how many characters the terms have in common */
function branchOf(terms: readonly Term[], depth: number): Branch {
  if (terms.length <= comparedOneByOne) return { terms, next: new Map() };
  const longer = Map.groupBy(
    terms.filter(({ characters }) => characters.length > depth),
    ({ characters }) => characters[depth] ?? '',
  );
  return {
    terms: terms.filter(({ characters }) => characters.length === depth),
    next: new Map([...longer].map(([character, those]) => [character, branchOf(those, depth + 1)])),
  };
}

function isWithin(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return wordCharacter.test(one) && wordCharacter.test(other) && !unspaced.test(one) && !unspaced.test(other);
}

/** Whether a term, the beginning of which is known to stand there, stands there as a word, or as one with an ending. */
function stands({ characters: term }: Term, characters: readonly string[], first: number, known: number): boolean {
  for (let index = known; index < term.length; index++) if (term[index] !== characters[first + index]) return false;
  const end = first + term.length;
  if (!isWithin(term.at(-1), characters[end])) return true;
  if (term.length < shortestWithEnding) return false;
  const after = characters.slice(end, end + longestEnding + 1);
  return after.length <= longestEnding || after.some((character) => !wordCharacter.test(character));
}

function findFrom(root: Branch, characters: readonly string[], first: number): void {
  let branch: Branch | undefined = root;
  for (let depth = 0; branch !== undefined; depth++) {
    for (const term of branch.terms) term.isFound ||= stands(term, characters, first, depth);
    branch = branch.next.get(characters[first + depth] ?? '');
  }
}

/** The terms that occur in a request's text; it may bring them along, and then nobody looks again. */
export function termsOf(
  request: Pick<TranslationRequest, 'text' | 'source' | 'glossary' | 'terms'>,
): readonly GlossaryEntry[] {
  return request.terms ?? occurringTerms(request);
}

/**
 * The terms of the glossary that occur in the text, whatever their case: as words of their own, longer ones also with
 * an ending of up to three letters. Other inflections are not found. All are found in one walk through the text.
 */
export function occurringTerms({
  text,
  source,
  glossary = [],
}: Pick<TranslationRequest, 'text' | 'source' | 'glossary'>): GlossaryEntry[] {
  if (glossary.length === 0) return [];
  const charactersOf = (words: string): string[] => Array.from(normalizeText(words).toLocaleLowerCase(source));
  const terms = glossary.map((entry): Term => ({ characters: charactersOf(entry.source), isFound: false }));
  const root = branchOf(
    terms.filter(({ characters }) => characters.length > 0),
    0,
  );
  const characters = charactersOf(text);
  characters.forEach((character, at) => {
    if (!isWithin(characters[at - 1], character)) findFrom(root, characters, at);
  });
  return glossary.filter((_entry, index) => terms[index]?.isFound);
}
