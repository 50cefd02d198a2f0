// The names and the writing directions of languages, given by their BCP 47 tags.

/** The tag of a language that the engine detects. */
const undetermined = 'und';

/** Scripts that are written from right to left (ISO 15924). */
const rightToLeftScripts: ReadonlySet<string> = new Set(
  'Adlm Arab Aran Armi Avst Chrs Cprt Elym Hatr Hebr Hung Khar Lydi Mand Mani Mend Merc Mero Narb Nbat Nkoo Orkh Ougr Palm Phli Phlp Phnx Prti Rohg Samr Sarb Sogd Sogo Syrc Thaa Yezi'.split(
    ' ',
  ),
);

/** `Intl.Locale` of newer browsers. At first the information was a property; it is a method in the standard. */
interface LocaleWithText extends Intl.Locale {
  readonly textInfo?: { readonly direction?: string };
  getTextInfo?(): { readonly direction?: string };
}

/** A name for readers of that language, such as `español`; the tag itself if there is none. */
export function ownLanguageName(tag: string): string {
  return languageName(tag, tag);
}

/**
 * @param reader the language to name it in
 * @returns the name, such as `Spanish`; the tag itself if there is none
 */
export function languageName(tag: string, reader: string): string {
  if (tag === undetermined) return 'Detected';
  try {
    const names = new Intl.DisplayNames([reader, 'en'], { type: 'language', fallback: 'none' });
    const name = names.of(tag);
    return name === undefined ? tag : capitalized(name, reader);
  } catch {
    // Not a valid tag.
    return tag;
  }
}

/** The language of a tag without script and region, in lower case: `es` for `es-MX`. */
export function baseLanguage(tag: string): string {
  return tag.split('-', 1)[0]?.toLowerCase() ?? tag;
}

/** The direction in which the script of a language is written, for the attribute `dir`. */
export function languageDirection(tag: string): 'ltr' | 'rtl' | 'auto' {
  // A detected language may be any.
  if (tag === undetermined) return 'auto';
  try {
    const locale = new Intl.Locale(tag);
    return directionOf(locale) === 'rtl' ? 'rtl' : 'ltr';
  } catch {
    return 'auto';
  }
}

function directionOf(locale: LocaleWithText): string | undefined {
  return (locale.getTextInfo?.() ?? locale.textInfo)?.direction ?? directionOfScript(locale);
}

/** For browsers that don't tell the direction. Exported for its test. */
export function directionOfScript(locale: Intl.Locale): 'ltr' | 'rtl' {
  return rightToLeftScripts.has(locale.maximize().script ?? '') ? 'rtl' : 'ltr';
}

/**
 * A list of languages looks calmer if all begin alike; many languages write their names in lower case.
 *
 * @param locale a valid tag
 */
export function capitalized(name: string, locale: string): string {
  const [first = ''] = name;
  return first.toLocaleUpperCase(locale) + name.slice(first.length);
}
