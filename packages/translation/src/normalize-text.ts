/**
 * White space, controls, formats, and whatever else shows nothing: variation selectors, Hangul fillers, the blank Braille
 * pattern. Inside of words some of it has a meaning, such as the joiners of Persian, Hindi and emoji.
 */
const nothingVisible = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/**
 * More combining marks in a row than any writing has: the bound of the Stream-Safe Text Format (UAX #15, section 13). To
 * put a run of them in order takes time that grows with its square.
 */
const excessMarks = /(\p{M}{30})\p{M}+/gu;

/** Whether a text shows nothing to a reader: it is empty, or of white space and invisible characters alone. */
export function isBlank(text: string): boolean {
  return nothingVisible.test(text);
}

/**
 * The form of a text that is translated, compared and, with a cache, looked up: Unicode NFC, every run of white space
 * one space, none at the ends, no more than 30 combining marks in a row; a text that shows nothing is empty. Two
 * transcripts that differ in nothing else are the same text.
 */
export function normalizeText(text: string): string {
  if (isBlank(text)) return '';
  return text.replace(excessMarks, '$1').normalize('NFC').replace(/\s+/gu, ' ').trim();
}
