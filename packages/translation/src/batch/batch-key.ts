import { normalizeText } from '../normalize-text.ts';
import type { TranslationRequest } from '../engine/engine.ts';

/**
 * The same for texts that may share a request: one pair of languages, one style, one glossary. Everything but the
 * texts is said once for all of them.
 */
export function batchKey({
  source,
  target,
  formality = 'default',
  context = '',
  glossary = [],
}: TranslationRequest): string {
  const terms = glossary.map((entry) => [entry.source, entry.target]);
  return JSON.stringify([source, target, formality, normalizeText(context), terms]);
}
