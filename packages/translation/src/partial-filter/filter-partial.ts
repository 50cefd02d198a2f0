import { endsSentence } from '../sentence-ends.ts';
import { normalizeText } from '../normalize-text.ts';
import { comparePartials } from './compare-partials.ts';

/** Which partials are sent at once. */
export interface PartialFilterSettings {
  /** Minimum length of the words added since the last sent text, in letters, for a partial to be sent at once. */
  readonly minGrowthChars: number;
  /** How long a partial with less growth is debounced; 0: all partials are sent. */
  readonly holdMs: number;
}

/** A new partial, with what was sent of its segment before. */
export interface PartialToFilter {
  readonly text: string;
  /** The prefix of `text` that the recognizer reports as stable, if it does. */
  readonly stable?: string | undefined;
  /** The last text sent; `undefined`: none, or it no longer applies. */
  readonly sentText: string | undefined;
  /** When debouncing began; `undefined`: no partial is being debounced. */
  readonly debouncedSinceMs: number | undefined;
  /** Arrival of the segment's previous partial, whether it was sent or not. */
  readonly previousAtMs: number | undefined;
  readonly nowMs: number;
}

/** `drop`: same text as the one sent; a debounced partial is also obsolete. */
export type PartialVerdict =
  { readonly action: 'send' } | { readonly action: 'debounce'; readonly untilMs: number } | { readonly action: 'drop' };

/**
 * Decides whether a partial is translated now. The first text and corrections of earlier words are sent; an unchanged text is
 * dropped. Small additions and changes of the last word, punctuation or case are debounced until `holdMs` after the first of
 * them.
 *
 * A partial is not debounced if partials arrive more than `holdMs` apart, since no other would replace it in time, nor if
 * the text has just become a complete sentence: it is probably the text of the final, which can then use its call.
 */
export function filterPartial(
  partial: PartialToFilter,
  { minGrowthChars, holdMs }: PartialFilterSettings,
): PartialVerdict {
  const { text, stable, sentText, debouncedSinceMs, previousAtMs = -Infinity, nowMs } = partial;
  if (holdMs === 0 || sentText === undefined) return { action: 'send' };
  if (normalizeText(text) === normalizeText(sentText)) return { action: 'drop' };
  const untilMs = (debouncedSinceMs ?? nowMs) + holdMs;
  if (nowMs >= untilMs || nowMs - previousAtMs > holdMs) return { action: 'send' };
  if (endsSentence(text) && !endsSentence(sentText)) return { action: 'send' };
  const change = comparePartials(sentText, text, stable);
  if (change.kind === 'correction') return { action: 'send' };
  if (change.kind === 'growth' && change.chars >= minGrowthChars) return { action: 'send' };
  return { action: 'debounce', untilMs };
}
