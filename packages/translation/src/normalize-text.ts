/**
 * The form of a text that is translated, compared and, with a cache, looked up: Unicode NFC, every run of white space
 * one space, none at the ends. Two transcripts that differ in nothing else are the same text.
 */
export function normalizeText(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}
