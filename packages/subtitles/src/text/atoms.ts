import { guideline } from '../guideline.ts';
import { graphemeWidths, textWidth } from './grapheme-width.ts';

/** How well a text can be divided after an atom. */
export type Ending = 'sentence' | 'clause' | 'word' | 'inside-word';

/** A part of a text that stays on one line. */
export interface Atom {
  readonly text: string;
  /** In columns; at most that of a line. */
  readonly width: number;
  /** Whether a space separates it from the atom before it. */
  readonly isSpaced: boolean;
  readonly ending: Ending;
}

/** White space and control characters, but not the spaces that forbid a line break. */
const breakingSpace = /(?:[^\S\u00a0\u2007\u202f]|\p{Cc})+/u;
/** Scripts that are written without spaces between words. */
const unspaced = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}]/u;
const sentenceEnd = /\p{Sentence_Terminal}[\p{Quotation_Mark}\p{Close_Punctuation}]*$/u;
const clauseEnd = /[,;:–—…،؛，、；：][\p{Quotation_Mark}\p{Close_Punctuation}]*$/u;
/** What must not begin a line: closing punctuation, and the small kana and marks of Japanese line breaking (JIS X 4051). */
const noLineStart =
  /^[\p{Pe}\p{Pf}\p{Sentence_Terminal}\p{M},:;%…‥、，：；％・ー々ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ]/u;
const noLineEnd = /[\p{Ps}\p{Pi}]$/u;
/** Punctuation that French, for example, separates from its word by a space. */
const onlyPunctuation = /^[\p{Pe}\p{Pf}\p{Sentence_Terminal}:;%]+$/u;

const words = new Intl.Segmenter('und', { granularity: 'word' });

/**
 * Divides a text into atoms: its words, with their punctuation. A word that is wider than a line is divided further, never
 * inside a grapheme. White space is normalized.
 */
export function atomsOf(text: string): Atom[] {
  const atoms: Atom[] = [];
  for (const token of text.split(breakingSpace)) {
    if (token.trim() === '') continue;
    const last = atoms.at(-1);
    if (last !== undefined && onlyPunctuation.test(token) && last.width + 1 + token.length <= guideline.maxLineWidth) {
      atoms[atoms.length - 1] = atomOf(`${last.text} ${token}`, last.isSpaced, 'word');
      continue;
    }
    const pieces = dividePieces(token);
    const glue = unspaced.test(token) ? 'word' : 'inside-word';
    for (const [index, piece] of pieces.entries())
      atoms.push(atomOf(piece, index === 0 && last !== undefined, index < pieces.length - 1 ? glue : 'word'));
  }
  return atoms;
}

function atomOf(text: string, isSpaced: boolean, otherwise: Ending): Atom {
  const ending = sentenceEnd.test(text) ? 'sentence' : clauseEnd.test(text) ? 'clause' : otherwise;
  return { text, width: textWidth(text), isSpaced, ending: otherwise === 'inside-word' ? otherwise : ending };
}

/** Divides a text without spaces at words and, where even these are wider than a line, between graphemes. */
function dividePieces(token: string): string[] {
  const fits = textWidth(token) <= guideline.maxLineWidth;
  if (fits && !unspaced.test(token)) return [token];
  const pieces: string[] = [];
  for (const { segment } of words.segment(token)) {
    const last = pieces.at(-1);
    if (last !== undefined && (noLineStart.test(segment) || noLineEnd.test(last)))
      pieces[pieces.length - 1] = last + segment;
    else pieces.push(segment);
  }
  return pieces.flatMap((piece) => (textWidth(piece) > guideline.maxLineWidth ? chop(piece) : [piece]));
}

function chop(word: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  let width = 0;
  for (const { grapheme, width: own } of graphemeWidths(word)) {
    if (width + own > guideline.maxLineWidth) {
      pieces.push(piece);
      [piece, width] = ['', 0];
    }
    piece += grapheme;
    width += own;
  }
  return [...pieces, piece];
}
