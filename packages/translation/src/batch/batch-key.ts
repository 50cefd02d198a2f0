import { normalizeText } from '../normalize-text.ts';
import type { TranslationRequest } from '../engine/engine.ts';

/**
 * The same for texts that may share a request: one pair of languages, one style, one glossary. Everything but the
 * texts is said once for all of them. And one tenant: a model may mix up the texts of a request, or follow one of them.
 */
export function batchKey({
  tenant = '',
  source,
  target,
  formality = 'default',
  context = '',
  glossary = [],
}: TranslationRequest): string {
  const terms = glossary.map((entry) => [entry.source, entry.target]);
  return JSON.stringify([tenant, source, target, formality, normalizeText(context), terms]);
}
