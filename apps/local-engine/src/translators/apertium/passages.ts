/**
 * apertium-apy splits a request of more than 1,000 characters at any position, even within an escape, and drops everything
 * after the tenth split. Escaping at most doubles a passage's length.
 */
const maxPassageLength = 450;

/** A part of a text that is translated separately, with the surrounding white space, which is kept. */
export interface Passage {
  readonly before: string;
  readonly text: string;
  readonly after: string;
}

/** Splits a text at blank lines, and long paragraphs after a sentence or at least a word. */
export function passagesOf(text: string): Passage[] {
  return text
    .split(/(?<=\n[^\S\n]*\n\s*)(?=\S)/)
    .flatMap(cut)
    .map(trim);
}

function cut(paragraph: string): string[] {
  const pieces: string[] = [];
  let rest = paragraph;
  while (rest.length > maxPassageLength) {
    const length = cutLength(rest.slice(0, maxPassageLength));
    pieces.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  return [...pieces, rest];
}

/** Returns where to split a long piece: after the last sentence, after the last word, or between characters. */
function cutLength(piece: string): number {
  const sentences = /^.*[.!?…。！？]["'”’)]*\s+/s.exec(piece)?.[0].length ?? 0;
  if (sentences > piece.length / 2) return sentences;
  const words = /^.*\s/s.exec(piece)?.[0].length ?? 0;
  if (words > 0) return words;
  const splitsPair = /[\uD800-\uDBFF]$/.test(piece);
  return splitsPair ? piece.length - 1 : piece.length;
}

function trim(piece: string): Passage {
  const text = piece.trim();
  const start = piece.indexOf(text);
  return { before: piece.slice(0, start), text, after: piece.slice(start + text.length) };
}
