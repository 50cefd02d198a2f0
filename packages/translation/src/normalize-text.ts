import { isBlank } from '@parley/protocol';

/**
 * More consecutive combining marks than any script uses; limit of the Stream-Safe Text Format (UAX #15, section 13).
 * Reordering a run of marks takes quadratic time.
 */
const excessMarks = /(\p{M}{30})\p{M}+/gu;

/** Text that is in its normal form already: printable ASCII with single spaces between words. */
const plainText = /^[!-~]+(?: [!-~]+)*$/;

/**
 * Normalizes a text for translation, comparison and cache keys: NFC, single spaces, trimmed, at most 30 consecutive
 * combining marks; a text without visible characters becomes empty.
 */
export function normalizeText(text: string): string {
  if (plainText.test(text)) return text;
  if (isBlank(text)) return '';
  return text.replace(excessMarks, '$1').normalize('NFC').replace(/\s+/gu, ' ').trim();
}
