import { sentenceEnd } from '../sentence-ends.ts';

/**
 * The settled sentences at the beginning of an open segment, with the white space after them, and their translation. They are not
 * translated again until a revision changes them.
 */
export interface SettledSentences {
  readonly text: string;
  readonly translation: string;
}

export const nothingSettled: SettledSentences = { text: '', translation: '' };

/** Shorter sentences are settled together with the next one: what looks like one may be an abbreviation. */
const leastSettledChars = 20;

/** What a full stop belongs to that probably ends no sentence: "Dr.", "e.g.", "J.", "3." */
const abbreviation = /(?:(?:^|[\s\p{Punctuation}])(?:\p{Lu}\p{L}?|Mrs|Prof|Sra|\p{L}|\S+\.\S+)|\p{N})\.$/u;
/** Longer words are no abbreviations. */
const longestAbbreviation = 12;

/** Returns where the sentences after the first one begin, from a position on. */
function sentenceStarts(text: string, from: number): number[] {
  const starts: number[] = [];
  for (const { 0: mark, index } of text.slice(from).matchAll(sentenceEnd)) {
    const end = from + index + mark.length;
    const [space = '', next = ''] = /^(\s*)(\S?)/u.exec(text.slice(end))?.slice(1) ?? [];
    // "What?" he said. 「はい。」と言った
    const goesOn = /\p{Ll}/u.test(next) || (mark.length > 1 && /\p{Script=Hiragana}/u.test(next));
    const isAbbreviated = abbreviation.test(text.slice(Math.max(from, end - longestAbbreviation), end));
    if (next !== '' && !goesOn && !isAbbreviated) starts.push(end + space.length);
  }
  return starts;
}

/** Returns the settled sentences as far as a newer revision begins with them: all or none. */
export function stillSettled(settled: SettledSentences, text: string): SettledSentences {
  const { length } = settled.text;
  if (length === 0 || !text.startsWith(settled.text)) return nothingSettled;
  return sentenceStarts(text, 0).includes(length) ? settled : nothingSettled;
}

/** A revision and its translation. */
export interface TranslatedRevision {
  readonly text: string;
  /** The beginning of `text` that is the same in the revision before, or that the recognizer will not change any more. */
  readonly agreedLength: number;
  readonly translation: string;
  /** What readers see. */
  readonly shown: string;
}

/**
 * Settles the sentences on which two successive revisions agree and which are followed by another one, if it is clear which part of the
 * translation is theirs, and readers see it: text and translation must have the same number of sentences.
 *
 * @param settled what is settled already: beginnings of `text` and `translation`
 */
export function settleSentences(
  settled: SettledSentences,
  { text, agreedLength, translation, shown }: TranslatedRevision,
): SettledSentences {
  const starts = sentenceStarts(text, settled.text.length);
  const translated = sentenceStarts(translation, settled.translation.length);
  if (starts.length !== translated.length) return settled;
  const last = starts.findLastIndex(
    (start, index) =>
      start < agreedLength &&
      start - settled.text.length >= leastSettledChars &&
      shown.startsWith(translation.slice(0, translated[index]).trimEnd()),
  );
  if (last < 0) return settled;
  return { text: text.slice(0, starts[last]), translation: translation.slice(0, translated[last]) };
}

/** Returns the length of what two texts have in common at their beginning, in UTF-16 units. */
export function commonLength(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let length = 0;
  while (length < most && one.charCodeAt(length) === other.charCodeAt(length)) length++;
  return length;
}
