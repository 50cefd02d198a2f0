import { canonicalLanguageTag, type LanguageTag } from '@parley/protocol';

/** The variants of Apertium's codes that BCP 47 registers, under its names for them. */
const registeredVariants = new Map([
  ['valencia', 'valencia'],
  ['gascon', 'gascon'],
  ['aran', 'aranese'],
]);

const scriptOrRegion = /^([A-Z][a-z]{3}|[A-Z]{2})$/;

/**
 * The BCP 47 tag of a code of Apertium, such as `es` of `spa`, `pt-BR` of `por_BR`, or `ca-valencia` of `cat_valencia`.
 * `undefined` for what BCP 47 has no word for, such as the spelling norm `cat_iec2017`.
 */
export function languageTagOf(apertiumCode: string): LanguageTag | undefined {
  const [language = '', variant] = apertiumCode.split('_');
  if (variant === undefined) return canonicalLanguageTag(language);
  const subtag = scriptOrRegion.test(variant) ? variant : registeredVariants.get(variant);
  return subtag === undefined ? undefined : canonicalLanguageTag(`${language}-${subtag}`);
}

/**
 * A tag and the more general ones that may stand for it, the nearest first: `pt-BR`, `pt` (RFC 4647, section 3.4,
 * Lookup).
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

/** Whether two tags name varieties of one language. */
export function isSameLanguage(one: LanguageTag, other: LanguageTag): boolean {
  return one.split('-')[0] === other.split('-')[0];
}
