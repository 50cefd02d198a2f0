import { prefixLength } from '@parley/protocol';

const ignorable = /^[\s\p{P}]$/u;

/**
 * Returns how many UTF-16 code units of a transcript are stable. Recognizers write `stable` in their own way, so case, white
 * space and punctuation may differ from those in the text.
 *
 * @param stable the beginning of the text that the recognizer will not change
 * @returns `undefined` if `stable` is missing or is not the beginning of the text
 */
export function stableLength(text: string, stable: string | undefined): number | undefined {
  if (stable === undefined) return undefined;
  if (text.startsWith(stable)) return prefixLength(text, stable.length);
  const wanted = Array.from(stable, folded).join('');
  let [found, length, position] = [0, 0, 0];
  for (const character of text) {
    if (found >= wanted.length) break;
    position += character.length;
    const next = folded(character);
    if (next === '') continue;
    if (!wanted.startsWith(next, found)) return undefined;
    found += next.length;
    length = position;
  }
  return found >= wanted.length ? length : undefined;
}

function folded(character: string): string {
  return ignorable.test(character) ? '' : character.toLowerCase();
}
