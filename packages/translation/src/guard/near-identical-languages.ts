import { baseLanguage, languageAndScript, undeterminedLanguage, type LanguageTag } from '@parley/protocol';

/** Languages in which a whole sentence may be identical. */
const families: readonly ReadonlySet<string>[] = [
  new Set(['bs', 'cnr', 'hr', 'sh', 'sr']),
  new Set(['da', 'nb', 'nn', 'no']),
  new Set(['id', 'ms']),
  new Set(['gl', 'pt']),
];

/**
 * Whether a sentence and its translation may be identical: the languages are closely related or are varieties of one
 * language in the same script, or the source language is undetermined and so may be the target language.
 */
export function areNearIdentical(one: LanguageTag, other: LanguageTag): boolean {
  if (one === undeterminedLanguage || languageAndScript(one) === languageAndScript(other)) return true;
  const [a, b] = [baseLanguage(one), baseLanguage(other)];
  return a !== b && families.some((family) => family.has(a) && family.has(b));
}
