import { isBlank } from '@parley/protocol';

/**
 * More combining marks in a row than any writing has: the bound of the Stream-Safe Text Format (UAX #15, section 13). To
 * put a run of them in order takes time that grows with its square.
 */
const excessMarks = /(\p{M}{30})\p{M}+/gu;

/** Text that is in its normal form already: printable ASCII with single spaces between words. */
const plainText = /^[!-~]+(?: [!-~]+)*$/;

/**
 * The form of a text that is translated, compared and, with a cache, looked up: Unicode NFC, every run of white space
 * one space, none at the ends, no more than 30 combining marks in a row; a text that shows nothing is empty. Two
 * transcripts that differ in nothing else are the same text.
 */
export function normalizeText(text: string): string {
  if (plainText.test(text)) return text;
  if (isBlank(text)) return '';
  return text.replace(excessMarks, '$1').normalize('NFC').replace(/\s+/gu, ' ').trim();
}
