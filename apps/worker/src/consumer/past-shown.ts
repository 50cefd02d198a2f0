const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** What readers see as characters: an accent or an emoji of several parts is one with its letter. */
function characters(text: string): number {
  return Array.from(graphemes.segment(text)).length;
}

/**
 * Whether the beginning of a translation may take the place of what is on the screen: it goes on where that ends, or it
 * is longer. Anything else would make a caption collapse and grow again.
 */
export function isPastShown(shown: string, soFar: string): boolean {
  if (soFar.startsWith(shown)) return soFar.length > shown.length;
  return characters(soFar) > characters(shown);
}
