import { z } from 'zod';

/** A BCP 47 language tag in canonical form, such as `en`, `pt-BR` or `zh-Hans`. */
export type LanguageTag = string;

/**
 * Brings a BCP 47 tag into canonical form (`PT-br` becomes `pt-BR`), or gives `undefined` where it is none.
 * Canonical form: RFC 5646, section 4.5, as `Intl.getCanonicalLocales` does it.
 */
export function canonicalLanguageTag(tag: string): LanguageTag | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

/** The language of a tag without script and region: `pt` of `pt-BR`. */
export function baseLanguage(tag: LanguageTag): string {
  return new Intl.Locale(tag).language;
}

/** A language tag as it comes over the wire; the parsed value is canonical. */
export const languageTagSchema = z
  .string()
  .max(35)
  .transform((tag, context) => {
    const canonical = canonicalLanguageTag(tag);
    if (canonical !== undefined) return canonical;
    context.addIssue({ code: 'custom', message: 'is not a BCP 47 language tag such as "en" or "pt-BR"' });
    return z.NEVER;
  });
