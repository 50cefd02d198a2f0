import type { GlossaryEntry, TranslationRequest } from './engine/engine.ts';
import { normalizeText } from './normalize-text.ts';

/** Scripts written without spaces, or with articles and particles attached: terms are also matched inside words. */
const unspaced =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}\p{scx=Arab}\p{scx=Hebr}]/u;
const wordCharacter = /[\p{L}\p{M}\p{N}]/u;

/** Terms of at least this many characters may have an ending. */
const shortestWithEnding = 4;
const longestEnding = 3;

/** A term as characters, and whether it was found. */
interface Term {
  readonly characters: readonly string[];
  isFound: boolean;
}

/** A trie of terms. Up to `comparedOneByOne` terms are compared directly; more branch by their next character. */
interface Branch {
  readonly terms: readonly Term[];
  readonly next: ReadonlyMap<string, Branch>;
}

const comparedOneByOne = 4;

/** @param depth number of characters that the terms share */
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

/** Whether a term whose first `known` characters match occurs at `first`, as a word or as a word with an ending. */
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

/** Returns the glossary entries that occur in the request's text; uses `terms` if the request has them. */
export function termsOf(
  request: Pick<TranslationRequest, 'text' | 'source' | 'glossary' | 'terms'>,
): readonly GlossaryEntry[] {
  return request.terms ?? occurringTerms(request);
}

/**
 * Finds the glossary entries that occur in the text, ignoring case: as whole words, longer terms also with an ending of up
 * to three letters. Other inflections are not found. All terms are searched for in one pass.
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
