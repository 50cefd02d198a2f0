import { memoize } from './memoize.ts';

/** A BCP 47 language tag in canonical form, such as `en`, `pt-BR` or `zh-Hans`. */
export type LanguageTag = string;

/** Maximum length of a tag in characters (RFC 5646, section 4.4.1). */
export const maxTagChars = 35;

/** The tag of an undeterminedTags language (ISO 639-2); the engine has to detect it. */
export const undeterminedLanguage = 'und';

/**
 * What recognizers and engines write if the language is to be detected, or if there are several. `auto` and `multi`
 * are not valid tags; `mul` (several), `zxx` (none) and `mis` (no code) are, but tell an engine no more than `und`.
 */
const undeterminedTags = /^(?:auto|multi|(?:und|mul|zxx|mis)(?:-.*)?)$/i;

/** Chinese languages that may follow `zh-`, an older notation (RFC 5646, section 2.2.2) that Intl rejects. */
const chineseExtendedLanguage = /^zh-(cdo|cjy|cmn|cnp|cpx|csp|czh|czo|gan|hak|hsn|lzh|mnp|nan|wuu|yue)(?=-|$)/i;

const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

/**
 * Whether a language code is registered. Unicode's data has a name for each common language, and a region for nearly
 * every other one. It lacks made-up codes (`xx`), private-use codes (`qaa` to `qtz`) and words that merely look like
 * a tag (`french`).
 */
function isRegistered(locale: Intl.Locale): boolean {
  const { language } = locale;
  return languageNames.of(language) !== undefined || new Intl.Locale(language).maximize().region !== undefined;
}

/**
 * Canonicalizes a BCP 47 tag (RFC 5646, section 4.5, as `Intl.getCanonicalLocales` does): `PT-br` and `pt_BR` become
 * `pt-BR`, `iw` becomes `he`, `zh-cmn-Hant` becomes `zh-Hant`; `auto` and `multi` become `und`.
 *
 * @returns `undefined` if it is not a tag or its language has no registered code
 */
export function canonicalLanguageTag(tag: string): LanguageTag | undefined {
  return tag.length > maxTagChars ? undefined : parseTag(tag);
}

const parseTag = memoize((tag): LanguageTag | undefined => {
  const written = tag.replaceAll('_', '-').replace(chineseExtendedLanguage, '$1');
  if (undeterminedTags.test(written)) return undeterminedLanguage;
  try {
    const locale = new Intl.Locale(written);
    return isRegistered(locale) ? locale.toString() : undefined;
  } catch {
    return undefined;
  }
});

/** The language of a canonical tag without script and region: `pt` for `pt-BR`. */
export function baseLanguage(tag: LanguageTag): string {
  return tag.split('-', 1)[0] ?? tag;
}
