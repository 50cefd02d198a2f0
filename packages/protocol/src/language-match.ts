import { undeterminedLanguage, type LanguageTag } from './language-tag.ts';
import { memoize } from './memoize.ts';

/** A tag as tags are compared: with its script, which is a likely one where the tag names none. */
interface Compared {
  /** Language and script, such as `zh-Hant` of `zh-TW`. */
  readonly written: string;
  /** From the whole tag down to language and script, each without the last subtag of the one before it. */
  readonly ranges: readonly string[];
}

/** `no` is what Bokmål is usually called. Whatever else has two codes, Intl has made one. */
const sameLanguages: Readonly<Record<string, string>> = { nb: 'no' };

const compared = memoize((tag): Compared =>
  tag === undeterminedLanguage ? { written: tag, ranges: [tag] } : compare(new Intl.Locale(tag)),
);

/** Extensions don't count: they name no other language. */
function compare(locale: Intl.Locale): Compared {
  const { language, script, region, baseName } = locale;
  const written = `${sameLanguages[language] ?? language}-${script ?? locale.maximize().script ?? 'Zzzz'}`;
  const variants = baseName.split('-').slice([language, script, region].filter((part) => part !== undefined).length);
  const ranges = [written];
  for (const subtag of [...(region === undefined ? [] : [region]), ...variants]) {
    ranges.unshift(`${ranges[0] ?? written}-${subtag}`);
  }
  return { written, ranges };
}

/**
 * Language and script of a tag, by which languages are told apart: the same for `zh-TW`, `zh-HK` and `zh-Hant`, for `en-GB`
 * and `en`, for `nb` and `no`; another one for `zh-CN`, or for `sr` and `sr-Latn`.
 */
export function languageAndScript(tag: LanguageTag): string {
  return compared(tag).written;
}

/**
 * The tag among those offered that a reader of `asked` is best served with, or `undefined` where there is none: the tag
 * itself, or the first that is found by taking subtags away from its end (RFC 4647, section 3.4, Lookup). So `es-MX`
 * finds `es`, and `es` does not find `es-MX`. A script is never taken away: `sr-Latn` doesn't find `sr`, which is
 * Cyrillic. The region of a Chinese tag mainly says which script is meant, so `zh-TW` and `zh-Hant` find each other.
 */
export function lookUpLanguage(asked: LanguageTag, offered: readonly LanguageTag[]): LanguageTag | undefined {
  if (offered.includes(asked)) return asked;
  const { ranges, written } = compared(asked);
  for (const range of ranges) {
    const found = offered.find((tag) => compared(tag).ranges[0] === range);
    if (found !== undefined) return found;
  }
  return written.startsWith('zh-') ? inSameScript(asked, offered) : undefined;
}

/** As `lookUpLanguage`; where that finds none, the first tag of the same language and script: `es-MX` for `es`. */
export function nearestLanguage(asked: LanguageTag, offered: readonly LanguageTag[]): LanguageTag | undefined {
  return lookUpLanguage(asked, offered) ?? inSameScript(asked, offered);
}

function inSameScript(asked: LanguageTag, offered: readonly LanguageTag[]): LanguageTag | undefined {
  return offered.find((tag) => languageAndScript(tag) === languageAndScript(asked));
}

/**
 * Whether what is said in `spoken` needs no translation for `target`, since looking up `spoken` finds it: `es` of `es-MX`.
 * A target that says more than `spoken` is another one (`pt-BR` of `pt`), as is one in another script. Of a language that
 * nobody has named (`und`) no target is.
 */
export function isOwnLanguage(spoken: LanguageTag, target: LanguageTag): boolean {
  return spoken !== undeterminedLanguage && lookUpLanguage(spoken, [target]) !== undefined;
}
