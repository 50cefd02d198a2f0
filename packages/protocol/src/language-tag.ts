import { z } from 'zod';
import { memoize } from './memoize.ts';

/** A BCP 47 language tag in canonical form, such as `en`, `pt-BR` or `zh-Hans`. */
export type LanguageTag = string;

/** In characters (RFC 5646, section 4.4.1). */
const longestTag = 35;

/** The tag of speech in a language that nobody has named (ISO 639-2: undetermined): the engine has to detect it. */
export const undeterminedLanguage = 'und';

/**
 * What recognisers and engines write where the language is to be detected, or is several: `auto` and `multi` are no tags;
 * `mul` (several), `zxx` (none) and `mis` (one without a code) are, and tell an engine no more than `und`.
 */
const undetermined = /^(?:auto|multi|(?:und|mul|zxx|mis)(?:-.*)?)$/i;

/** Chinese languages that may follow `zh-`, an older way to write them (RFC 5646, section 2.2.2), which Intl refuses. */
const chineseExtendedLanguage = /^zh-(cdo|cjy|cmn|cnp|cpx|csp|czh|czo|gan|hak|hsn|lzh|mnp|nan|wuu|yue)(?=-|$)/i;

const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

/**
 * Whether a language code is registered. Unicode's data have a name for each common language, and for nearly every other
 * one where it is spoken. Made-up codes (`xx`), codes for private use (`qaa` to `qtz`) and words that only have the form
 * of a tag (`french`) are not in there.
 */
function isRegistered(locale: Intl.Locale): boolean {
  const { language } = locale;
  return languageNames.of(language) !== undefined || new Intl.Locale(language).maximize().region !== undefined;
}

/**
 * Brings a BCP 47 tag into canonical form, or gives `undefined` where it is none or its language has no registered code.
 * `PT-br` and `pt_BR` become `pt-BR`, `iw` becomes `he`, and `zh-cmn-Hant` becomes `zh-Hant`; `auto` and `multi` become
 * `und`. Canonical form: RFC 5646, section 4.5, as `Intl.getCanonicalLocales` does it.
 */
export function canonicalLanguageTag(tag: string): LanguageTag | undefined {
  return tag.length > longestTag ? undefined : readTag(tag);
}

const readTag = memoize((tag): LanguageTag | undefined => {
  const written = tag.replaceAll('_', '-').replace(chineseExtendedLanguage, '$1');
  if (undetermined.test(written)) return undeterminedLanguage;
  try {
    const locale = new Intl.Locale(written);
    return isRegistered(locale) ? locale.toString() : undefined;
  } catch {
    return undefined;
  }
});

/** The language of a canonical tag without script and region: `pt` of `pt-BR`. */
export function baseLanguage(tag: LanguageTag): string {
  return tag.split('-', 1)[0] ?? tag;
}

/** The language of what is said, as it comes over the wire; the parsed value is canonical. It may be `und`. */
export const languageTagSchema = z
  .string()
  .max(longestTag)
  .transform((tag, context) => {
    const canonical = canonicalLanguageTag(tag);
    if (canonical !== undefined) return canonical;
    context.addIssue({ code: 'custom', message: 'is not a BCP 47 language tag such as "en" or "pt-BR"' });
    return z.NEVER;
  });

/** A language to translate into: any but `und`. */
export const targetLanguageSchema = languageTagSchema.refine((tag) => tag !== undeterminedLanguage, {
  message: 'names no language to translate into',
});
