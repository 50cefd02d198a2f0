import { letterWeight } from '../letter-weight.ts';

/** A part of a text. */
export interface TextPiece {
  readonly text: string;
  /** Whether it goes on in the midst of a word of the piece before. */
  readonly isGlued: boolean;
}

/** In Latin letters, see `letterWeight`: a slow engine translates as much in a second. */
const longestPiece = 200;

const sentenceEnd = /\p{Sentence_Terminal}[\p{Quotation_Mark}\p{Close_Punctuation}]*(?=\s)|[。！？｡][」』）”]*/gu;
const clauseEnd = /[,;:–—،؛](?=\s)|[，、；：]/gu;
const space = /\s/gu;
/** The least share of a piece that a better place to cut is worth. */
const leastShare = 1 / 3;

const words = new Intl.Segmenter('und', { granularity: 'word' });
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * Splits a text into pieces of up to 200 letters: at the ends of sentences, else of clauses, else between words, and never
 * within what readers see as one character. Where the first piece ends depends on nothing behind it but the first 200
 * letters, and so on: when a text grows at its end, all pieces but the last one stay the same.
 *
 * @param text normalised, see `normalizeText`
 */
export function splitText(text: string): TextPiece[] {
  const characters = graphemes.segment(text);
  const pieces: TextPiece[] = [];
  let isGlued = false;
  for (let start = 0; start < text.length;) {
    const end = windowEnd(text, start);
    const place = end < text.length ? placeToCut(text, start, end) : end;
    const { index = text.length, segment = '' } = characters.containing(place ?? end) ?? {};
    const cut = index > start ? index : index + segment.length;
    pieces.push({ text: text.slice(start, cut).trim(), isGlued });
    isGlued = place === undefined;
    start = cut;
  }
  return pieces;
}

/** How far the longest piece from here on goes. */
function windowEnd(text: string, start: number): number {
  let weight = 0;
  for (let at = start; at < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    // All that counts more than once stands behind these.
    weight += character < '\u1100' ? 1 : letterWeight(character);
    if (weight > longestPiece && at > start) return at;
    at += character.length;
  }
  return text.length;
}

/** Where a piece ends that begins at `start` and goes to `end` at most; `undefined`: it is all one word. */
function placeToCut(text: string, start: number, end: number): number | undefined {
  const window = text.slice(start, end);
  // With the next character, which tells whether something ends at the very end.
  const looked = text.slice(start, end + 1);
  const least = window.length * leastShare;
  const place =
    lastEnd(looked, sentenceEnd, least, window.length) ??
    lastEnd(looked, clauseEnd, least, window.length) ??
    lastEnd(looked, space, 0, looked.length);
  if (place !== undefined) return start + place;
  // The last word of the window may go on behind it.
  const lastWord = Array.from(words.segment(looked)).at(-1)?.index ?? 0;
  return lastWord > 0 ? start + lastWord : undefined;
}

/** Where the last match ends that ends behind `least` and not behind `most`. */
function lastEnd(text: string, pattern: RegExp, least: number, most: number): number | undefined {
  const ends = Array.from(text.matchAll(pattern), (match) => match.index + match[0].length);
  return ends.findLast((end) => end > least && end <= most);
}
