import { z } from 'zod';
import { canonicalLanguageTag, maxTagChars, undeterminedLanguage } from './language-tag.ts';

/** The language of a transcript; parses to a canonical tag, which may be `und`. */
export const languageTagSchema = z
  .string()
  .max(maxTagChars)
  .transform((tag, context) => {
    const canonical = canonicalLanguageTag(tag);
    if (canonical !== undefined) return canonical;
    context.addIssue({ code: 'custom', message: 'is not a BCP 47 language tag such as "en" or "pt-BR"' });
    return z.NEVER;
  });

/** A target language: any tag except `und`. */
export const targetLanguageSchema = languageTagSchema.refine((tag) => tag !== undeterminedLanguage, {
  message: 'names no language to translate into',
});
