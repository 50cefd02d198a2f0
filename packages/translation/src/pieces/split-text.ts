import { characterWeight } from '../letter-weight.ts';
import { sentenceEnd } from '../sentence-ends.ts';

/** A part of a text. */
export interface TextPiece {
  readonly text: string;
  /** Whether it continues a word of the previous piece. */
  readonly isGlued: boolean;
}

/** In Latin letters (see `letterWeight`): what a slow engine translates in a second. */
const longestPiece = 200;

const clauseEnd = /[,;:–—،؛](?=\s)|[，、；：]/gu;
const space = /\s/gu;
/** A sentence or clause end is only used beyond this share of the maximum length. */
const leastShare = 1 / 3;

const words = new Intl.Segmenter('und', { granularity: 'word' });
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * Splits a text into pieces of up to 200 letters, at sentence ends, else clause ends, else between words, and never inside a
 * grapheme cluster. Each cut depends only on the 200 letters before it, so that when a text grows at its end, all pieces
 * but the last stay the same.
 *
 * @param text normalized, see `normalizeText`
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

/** Returns the end of the longest possible piece from `start`. */
function windowEnd(text: string, start: number): number {
  let weight = 0;
  for (let at = start; at < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    weight += characterWeight(character);
    if (weight > longestPiece && at > start) return at;
    at += character.length;
  }
  return text.length;
}

/** Returns where to end the piece from `start`, at `end` at the latest; `undefined`: within one long word. */
function placeToCut(text: string, start: number, end: number): number | undefined {
  const window = text.slice(start, end);
  // The next character shows whether a sentence, clause or word ends exactly at `end`.
  const lookahead = text.slice(start, end + 1);
  const least = window.length * leastShare;
  const place =
    lastEnd(lookahead, sentenceEnd, least, window.length) ??
    lastEnd(lookahead, clauseEnd, least, window.length) ??
    lastEnd(lookahead, space, 0, lookahead.length);
  if (place !== undefined) return start + place;
  // The last word may continue beyond the window.
  const lastWord = words.segment(lookahead).containing(lookahead.length - 1)?.index ?? 0;
  return lastWord > 0 ? start + lastWord : undefined;
}

/** Returns the end of the last match that ends after `least` and at `most` or before. */
function lastEnd(text: string, pattern: RegExp, least: number, most: number): number | undefined {
  const ends = Array.from(text.matchAll(pattern), (match) => match.index + match[0].length);
  return ends.findLast((end) => end > least && end <= most);
}
