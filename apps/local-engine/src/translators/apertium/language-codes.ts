import { canonicalLanguageTag, type LanguageTag } from '@parley/protocol';

/** Apertium's variants that BCP 47 registers, with their BCP 47 names. */
const registeredVariants = new Map([
  ['valencia', 'valencia'],
  ['gascon', 'gascon'],
  ['aran', 'aranese'],
]);

const scriptOrRegion = /^([A-Z][a-z]{3}|[A-Z]{2})$/;

/**
 * Converts a code of Apertium to a BCP 47 tag: `spa` to `es`, `por_BR` to `pt-BR`, `cat_valencia` to `ca-valencia`. Returns
 * `undefined` for variants without a tag, such as the spelling norm `cat_iec2017`.
 */
export function languageTagOf(apertiumCode: string): LanguageTag | undefined {
  const [language = '', variant] = apertiumCode.split('_');
  if (variant === undefined) return canonicalLanguageTag(language);
  const subtag = scriptOrRegion.test(variant) ? variant : registeredVariants.get(variant);
  return subtag === undefined ? undefined : canonicalLanguageTag(`${language}-${subtag}`);
}

/**
 * Returns a tag and its more general tags, the most specific first: `pt-BR`, `pt` (RFC 4647, section 3.4, Lookup).
 */
export function lookupTags(tag: LanguageTag): LanguageTag[] {
  const subtags = tag.split('-');
  const tags: LanguageTag[] = [];
  while (subtags.length > 0) {
    if (subtags.at(-1)?.length !== 1) tags.push(subtags.join('-'));
    subtags.pop();
  }
  return tags;
}

/** Whether two tags are varieties of the same language. */
export function isSameLanguage(one: LanguageTag, other: LanguageTag): boolean {
  return one.split('-')[0] === other.split('-')[0];
}
