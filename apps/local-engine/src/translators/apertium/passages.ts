/**
 * apertium-apy cuts a request of more than 1,000 characters anywhere, also in the middle of an escape, and drops what
 * comes after the tenth cut. Escaping doubles a passage's length at most.
 */
const maxPassageLength = 450;

/** A piece of a text that is translated on its own, and the white space round it, which is kept as it is. */
export interface Passage {
  readonly before: string;
  readonly text: string;
  readonly after: string;
}

/** Cuts a text at its blank lines and, where a paragraph is long, behind a sentence or at least a word. */
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

/** Where to cut a piece that is too long to go on: behind the last sentence, the last word, or between characters. */
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
