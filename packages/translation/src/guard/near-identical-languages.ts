import { baseLanguage, languageAndScript, undeterminedLanguage, type LanguageTag } from '@parley/protocol';

/** Languages so close that a whole sentence may be the same in both. */
const families: readonly ReadonlySet<string>[] = [
  new Set(['bs', 'cnr', 'hr', 'sh', 'sr']),
  new Set(['da', 'nb', 'nn', 'no']),
  new Set(['id', 'ms']),
  new Set(['gl', 'pt']),
];

/**
 * Whether a sentence and its translation may well be the same text: where they are varieties of one language, not in
 * another script, or where nobody knows which language is spoken, which may be the target's.
 */
export function areNearIdentical(one: LanguageTag, other: LanguageTag): boolean {
  if (one === undeterminedLanguage || languageAndScript(one) === languageAndScript(other)) return true;
  const [a, b] = [baseLanguage(one), baseLanguage(other)];
  return a !== b && families.some((family) => family.has(a) && family.has(b));
}
