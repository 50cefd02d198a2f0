import { undeterminedLanguage, type LanguageTag } from './language-tag.ts';
import { memoize } from './memoize.ts';

/** A language tag prepared for comparison, with its likely script if it names none. */
interface ComparableTag {
  /** Language and script, such as `zh-Hant` of `zh-TW`. */
  readonly languageScript: string;
  /** From the whole tag down to language and script, each one subtag shorter than the one before. */
  readonly ranges: readonly string[];
}

/** Bokmål is usually tagged `no`. Intl canonicalizes all other languages that have two codes. */
const sameLanguages: Readonly<Record<string, string>> = { nb: 'no' };

const comparableTag = memoize((tag): ComparableTag =>
  tag === undeterminedLanguage ? { languageScript: tag, ranges: [tag] } : toComparableTag(new Intl.Locale(tag)),
);

/** Extensions are ignored: they do not change the language. */
function toComparableTag(locale: Intl.Locale): ComparableTag {
  const { language, script, region, baseName } = locale;
  const languageScript = `${sameLanguages[language] ?? language}-${script ?? locale.maximize().script ?? 'Zzzz'}`;
  const variants = baseName.split('-').slice([language, script, region].filter((part) => part !== undefined).length);
  const ranges = [languageScript];
  for (const subtag of [...(region === undefined ? [] : [region]), ...variants]) {
    ranges.unshift(`${ranges[0] ?? languageScript}-${subtag}`);
  }
  return { languageScript, ranges };
}

/**
 * Language and script of a tag, the key by which languages are comparableTag. It is equal for `zh-TW`, `zh-HK` and
 * `zh-Hant`, for `en-GB` and `en`, and for `nb` and `no`, but not for `zh-TW` and `zh-CN`, or for `sr` and
 * `sr-Latn`.
 */
export function languageAndScript(tag: LanguageTag): string {
  return comparableTag(tag).languageScript;
}

/**
 * Finds the offered tag that best serves a reader of `requested`: the tag itself, or the first match after removing
 * subtags from its end (RFC 4647, section 3.4, Lookup). `es-MX` finds `es`, but `es` does not find `es-MX`. The
 * script is never removed: `sr-Latn` does not find `sr`, which is Cyrillic. The region of a Chinese tag mainly
 * implies its script, so `zh-TW` and `zh-Hant` find each other.
 *
 * @returns the offered tag, or `undefined` if none matches
 */
export function lookUpLanguage(requested: LanguageTag, offered: readonly LanguageTag[]): LanguageTag | undefined {
  if (offered.includes(requested)) return requested;
  const { ranges, languageScript } = comparableTag(requested);
  for (const range of ranges) {
    const found = offered.find((tag) => comparableTag(tag).ranges[0] === range);
    if (found !== undefined) return found;
  }
  return languageScript.startsWith('zh-') ? findSameScript(requested, offered) : undefined;
}

/** Like `lookUpLanguage`, but falls back to the first tag of the same language and script: `es-MX` for `es`. */
export function nearestLanguage(requested: LanguageTag, offered: readonly LanguageTag[]): LanguageTag | undefined {
  return lookUpLanguage(requested, offered) ?? findSameScript(requested, offered);
}

function findSameScript(requested: LanguageTag, offered: readonly LanguageTag[]): LanguageTag | undefined {
  return offered.find((tag) => languageAndScript(tag) === languageAndScript(requested));
}

/**
 * Whether speech in `spoken` needs no translation for `target`, because looking up `spoken` finds it: `es` for
 * `es-MX`. A more specific target is a different one (`pt-BR` for `pt`), as is one in another script. An
 * undetermined language (`und`) never matches.
 */
export function isOwnLanguage(spoken: LanguageTag, target: LanguageTag): boolean {
  return spoken !== undeterminedLanguage && lookUpLanguage(spoken, [target]) !== undefined;
}
