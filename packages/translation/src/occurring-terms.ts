import type { GlossaryEntry, TranslationRequest } from './engine/engine.ts';
import { normalizeText } from './normalize-text.ts';

/** Scripts written without spaces, or with articles and particles attached: terms are also matched inside words. */
const unspaced =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}\p{scx=Arab}\p{scx=Hebr}]/u;
const wordCharacter = /[\p{L}\p{M}\p{N}]/u;

/** Terms of at least this many characters may have an ending. */
const shortestWithEnding = 4;
const longestEnding = 3;

/**
 * How many characters the terms of a text may have, so that a call costs about what its text says. A glossary can be made of terms
 * that all occur in each sentence; an honest one has a few of them there.
 */
const maxTermChars = (text: string): number => 1000 + 2 * text.length;

/** How much text an index keeps with the terms that were found in it: the longest text, or all its pieces. */
const maxKeptChars = 10_000;
const maxKeptTexts = 64;
/** An index of the largest glossary takes some MiB. */
const maxIndexes = 4;

interface Term {
  readonly characters: readonly string[];
  /** More than one if a glossary has a term several times. */
  readonly entries: readonly GlossaryEntry[];
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

/** Adds the terms that stand at `first`. */
function findFrom(root: Branch, characters: readonly string[], first: number, found: Set<Term>): void {
  let branch: Branch | undefined = root;
  for (let depth = 0; branch !== undefined; depth++) {
    for (const term of branch.terms) {
      if (!found.has(term) && stands(term, characters, first, depth)) found.add(term);
    }
    branch = branch.next.get(characters[first + depth] ?? '');
  }
}

/** A glossary, prepared for texts of one language. A session searches for it in the same text for each target. */
class TermIndex {
  readonly glossary: readonly GlossaryEntry[];
  readonly source: string;
  readonly #root: Branch;
  readonly #kept = new Map<string, readonly GlossaryEntry[]>();
  #keptChars = 0;

  constructor(glossary: readonly GlossaryEntry[], source: string) {
    this.glossary = glossary;
    this.source = source;
    const terms = [...Map.groupBy(glossary, (entry) => this.#fold(entry.source))];
    this.#root = branchOf(
      terms
        .filter(([folded]) => folded !== '')
        .map(([folded, entries]) => ({ characters: Array.from(folded), entries })),
      0,
    );
  }

  find(text: string): readonly GlossaryEntry[] {
    const kept = this.#kept.get(text);
    if (kept !== undefined) return kept;
    const found = this.#search(text);
    if (text.length > maxKeptChars) return found;
    if (this.#keptChars + text.length > maxKeptChars || this.#kept.size >= maxKeptTexts) {
      this.#kept.clear();
      this.#keptChars = 0;
    }
    this.#kept.set(text, found);
    this.#keptChars += text.length;
    return found;
  }

  #search(text: string): readonly GlossaryEntry[] {
    const found = new Set<Term>();
    const characters = Array.from(this.#fold(text));
    characters.forEach((character, at) => {
      if (!isWithin(characters[at - 1], character)) findFrom(this.#root, characters, at, found);
    });
    const entries = new Set([...found].flatMap((term) => term.entries));
    return fitting(
      this.glossary.filter((entry) => entries.has(entry)),
      maxTermChars(text),
    );
  }

  #fold(words: string): string {
    return normalizeText(words).toLocaleLowerCase(this.source);
  }
}

/** Returns the terms, without those for which there is no room behind earlier ones. */
function fitting(terms: readonly GlossaryEntry[], maxChars: number): readonly GlossaryEntry[] {
  let room = maxChars;
  return terms.filter(({ source, target }) => {
    const chars = source.length + target.length;
    if (chars > room) return false;
    room -= chars;
    return true;
  });
}

/** The newest ones, for the calls of one text, which follow each other. */
const indexes: TermIndex[] = [];

/** Returns the glossary entries that occur in the request's text; uses `terms` if the request has them. */
export function termsOf(
  request: Pick<TranslationRequest, 'text' | 'source' | 'glossary' | 'terms'>,
): readonly GlossaryEntry[] {
  return request.terms ?? occurringTerms(request);
}

/**
 * Finds the glossary entries that occur in the text, ignoring case: as whole words, longer terms also with an ending of up
 * to three letters. Other inflections are not found. All terms are searched for in one pass. If they have more than 1,000 characters
 * and two for each one of the text, the last ones of the glossary are left out.
 *
 * @param request its glossary must not be changed later, since what was found is kept for further calls
 */
export function occurringTerms({
  text,
  source,
  glossary = [],
}: Pick<TranslationRequest, 'text' | 'source' | 'glossary'>): readonly GlossaryEntry[] {
  if (glossary.length === 0) return [];
  let index = indexes.find((known) => known.glossary === glossary && known.source === source);
  if (index === undefined) {
    index = new TermIndex(glossary, source);
    if (indexes.push(index) > maxIndexes) indexes.shift();
  }
  return index.find(text);
}
