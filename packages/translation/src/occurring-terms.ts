import { hash } from 'node:crypto';
import { baseLanguage, type LanguageTag } from '@parley/protocol';
import type { GlossaryEntry, TranslationRequest } from './engine/engine.ts';
import { normalizeText } from './normalize-text.ts';

/** Scripts written without spaces, or with articles and particles attached: terms are also matched inside words. */
const unspaced =
  '\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Hang}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}\\p{scx=Tibt}\\p{scx=Arab}\\p{scx=Hebr}';
/** A character of a word that ends at a space or a sign. */
const spaced = `[[\\p{L}\\p{M}\\p{N}]--[${unspaced}]]`;
const wordStarts = new RegExp(`(?<!${spaced})(?=${spaced})`, 'gv');
const endsSpaced = new RegExp(`${spaced}$`, 'v');

/** Put before each word of a spaced script, so that a term is found only where a word begins. Normalized text has no line breaks. */
const wordMark = '\n';

/** Terms of at least this many characters may have an ending. */
const shortestWithEnding = 4;
/** What may follow a term: an ending of up to three letters, or for a short term none. */
const ending = new RegExp(`${spaced}{0,3}(?!${spaced})`, 'vy');
const noEnding = new RegExp(`(?!${spaced})`, 'vy');

/**
 * Limits the cost of a call to about that of its text. A glossary can be made of terms that all occur in every sentence; usually only
 * a few do.
 */
const maxTermChars = (text: string): number => 1000 + 2 * text.length;

/** For how many texts an index keeps the terms that were found: all pieces of the longest text, and some more. */
const maxKept = 128;

interface Term {
  /** With word marks. */
  readonly marked: string;
  /** What must follow it. */
  readonly followedBy: RegExp | undefined;
  /** More than one if a glossary has a term several times. */
  readonly entries: readonly GlossaryEntry[];
}

/** A glossary, prepared for texts of a language. A session searches for it in the same text for each target. */
class TermIndex {
  readonly #locale: string;
  readonly #glossary: readonly GlossaryEntry[];
  readonly #terms: readonly Term[];
  /** By hash of the text. */
  readonly #kept = new Map<string, readonly GlossaryEntry[]>();

  constructor(glossary: readonly GlossaryEntry[], locale: string) {
    this.#locale = locale;
    this.#glossary = glossary;
    this.#terms = [...Map.groupBy(glossary, (entry) => this.#fold(entry.source))]
      .filter(([folded]) => folded !== '')
      .map(([folded, entries]) => ({ marked: withMarks(folded), followedBy: patternAfter(folded), entries }));
  }

  find(text: string): readonly GlossaryEntry[] {
    // A piece is a part of its text in memory, too: as a key it would keep the whole text.
    const key = hash('sha256', text, 'base64');
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const found = this.#search(text);
    if (this.#kept.size >= maxKept) this.#kept.clear();
    this.#kept.set(key, found);
    return found;
  }

  #search(text: string): readonly GlossaryEntry[] {
    const folded = this.#fold(text);
    const marked = withMarks(folded);
    const found = new Set(this.#terms.filter((term) => occursIn(marked, term)).flatMap(({ entries }) => entries));
    return fitting(
      this.#glossary.filter((entry) => found.has(entry)),
      maxTermChars(folded),
    );
  }

  #fold(words: string): string {
    return normalizeText(words).toLocaleLowerCase(this.#locale);
  }
}

function withMarks(folded: string): string {
  return folded.replace(wordStarts, wordMark);
}

function patternAfter(folded: string): RegExp | undefined {
  if (!endsSpaced.test(folded)) return undefined;
  return Array.from(folded).length < shortestWithEnding ? noEnding : ending;
}

/** Whether a term stands in a text as a word, or as a word with an ending. */
function occursIn(markedText: string, { marked, followedBy }: Term): boolean {
  let at = markedText.indexOf(marked);
  if (followedBy === undefined) return at >= 0;
  for (; at >= 0; at = markedText.indexOf(marked, at + 1)) {
    followedBy.lastIndex = at + marked.length;
    if (followedBy.test(markedText)) return true;
  }
  return false;
}

/** Returns the terms that fit, in order; one that exceeds what is left is skipped. */
function fitting(terms: readonly GlossaryEntry[], maxChars: number): readonly GlossaryEntry[] {
  let remaining = maxChars;
  return terms.filter(({ source, target }) => {
    const chars = source.length + target.length;
    if (chars > remaining) return false;
    remaining -= chars;
    return true;
  });
}

/** Languages whose lower case is not that of others: Unicode, SpecialCasing.txt. */
const ownLowerCase: readonly string[] = ['az', 'lt', 'tr'];

/** By glossary and locale. The speakers of a session may have several languages. */
const indexes = new WeakMap<readonly GlossaryEntry[], Map<string, TermIndex>>();

function indexOf(glossary: readonly GlossaryEntry[], source: LanguageTag): TermIndex {
  const base = baseLanguage(source);
  const locale = ownLowerCase.includes(base) ? base : 'und';
  const ofGlossary = indexes.get(glossary) ?? new Map<string, TermIndex>();
  indexes.set(glossary, ofGlossary);
  const index = ofGlossary.get(locale) ?? new TermIndex(glossary, locale);
  ofGlossary.set(locale, index);
  return index;
}

/** Returns the `terms` of a request, or the glossary entries that occur in its text. */
export function termsOf(
  request: Pick<TranslationRequest, 'text' | 'source' | 'glossary' | 'terms'>,
): readonly GlossaryEntry[] {
  return request.terms ?? occurringTerms(request);
}

/**
 * Finds the glossary entries that occur in the text, ignoring case: as whole words, longer terms also with an ending of up
 * to three letters. Other inflections are not found. With their translations they have at most 1,000 characters, plus two for each
 * one of the text; a term that would exceed this is left out.
 *
 * @param request its glossary must not be changed later, since what was found is kept for further calls
 */
export function occurringTerms({
  text,
  source,
  glossary = [],
}: Pick<TranslationRequest, 'text' | 'source' | 'glossary'>): readonly GlossaryEntry[] {
  return glossary.length === 0 ? [] : indexOf(glossary, source).find(text);
}
