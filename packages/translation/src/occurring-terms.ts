import type { GlossaryEntry } from './engine/engine.ts';
import { normalizeText } from './normalize-text.ts';

/**
 * The terms of a glossary that occur in a text, whatever their case, in the glossary's order and normalised: only they
 * have a say in its translation. An engine gets these and no others, and by these a translation is looked up.
 */
export function occurringTerms(text: string, glossary: readonly GlossaryEntry[]): GlossaryEntry[] {
  const spoken = normalizeText(text).toLowerCase();
  return glossary
    .map(({ source, target }) => ({ source: normalizeText(source), target: normalizeText(target) }))
    .filter(({ source }) => spoken.includes(source.toLowerCase()));
}
