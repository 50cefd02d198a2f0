import { normalizeText } from '../normalize-text.ts';
import { comparePartials } from './compare-partials.ts';

/** What makes a partial worth a call. */
export interface PartialFilterSettings {
  /** Letters that the words added since the text sent last must have to be sent at once. */
  readonly minGrowthChars: number;
  /** How long a partial that adds less may be held back; 0: every partial is sent, whatever it adds. */
  readonly holdMs: number;
}

/** A new partial of a segment, beside what was sent of that segment before. */
export interface PartialToFilter {
  readonly text: string;
  /** The beginning of `text` that the recogniser will not change any more, where it tells. */
  readonly stable?: string | undefined;
  /** The newest text that was sent; `undefined`: none, or one that counts no more. */
  readonly sentText: string | undefined;
  /** Since when something newer than `sentText` is held back; `undefined`: nothing is. */
  readonly heldSinceMs: number | undefined;
  /** When the segment's partial before this one came, whatever became of it. */
  readonly previousAtMs: number | undefined;
  readonly nowMs: number;
}

/** `drop`: what was sent says the same; nothing that is held back is due any more either. */
export type PartialVerdict =
  { readonly action: 'send' } | { readonly action: 'hold'; readonly untilMs: number } | { readonly action: 'drop' };

/**
 * Whether a partial is worth translating now. The first words and every correction of earlier words are; a text that is
 * the same is not. A small addition, another last word, other punctuation or case wait for more to come, until `holdMs`
 * after the first of them: a speaker who goes on in small steps isn't held back for longer than that.
 *
 * Nothing is held where the partials come further apart than `holdMs`: no other one would replace it in time. Nor is a
 * text that has just become a whole sentence: it is likely that of the final, which then takes over its call.
 */
export function filterPartial(
  partial: PartialToFilter,
  { minGrowthChars, holdMs }: PartialFilterSettings,
): PartialVerdict {
  const { text, stable, sentText, heldSinceMs, previousAtMs = -Infinity, nowMs } = partial;
  if (holdMs === 0 || sentText === undefined) return { action: 'send' };
  if (normalizeText(text) === normalizeText(sentText)) return { action: 'drop' };
  const untilMs = (heldSinceMs ?? nowMs) + holdMs;
  if (nowMs >= untilMs || nowMs - previousAtMs > holdMs) return { action: 'send' };
  if (endsSentence(text) && !endsSentence(sentText)) return { action: 'send' };
  const change = comparePartials(sentText, text, stable);
  if (change.kind === 'correction') return { action: 'send' };
  if (change.kind === 'growth' && change.chars >= minGrowthChars) return { action: 'send' };
  return { action: 'hold', untilMs };
}

function endsSentence(text: string): boolean {
  return /\p{Sentence_Terminal}[\p{Quotation_Mark}\p{Close_Punctuation}\s]*$/u.test(text);
}
