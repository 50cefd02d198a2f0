import { canonicalLanguageTag, nearestLanguage, type LanguageTag } from '@parley/protocol';

/** Codes of LibreTranslate that BCP 47 writes otherwise, some of them of older servers only. */
const tags: Readonly<Record<string, LanguageTag>> = { zt: 'zh-Hant', pb: 'pt-BR' };

/** Has the server detect the language. */
export const detectedCode = 'auto';

/** A server's code as a BCP 47 tag; `undefined` where it is none. */
export function tagOf(code: string): LanguageTag | undefined {
  return tags[code] ?? canonicalLanguageTag(code);
}

/**
 * The code under which a server lists a language: its own or, since an accent is no language, that of another region.
 * Another script is another language to a translator: Chinese is listed twice, and `zh-TW` is `zh-Hant`. `undefined`: it
 * has none.
 */
export function codeOf(tag: LanguageTag, codes: ReadonlySet<string>): string | undefined {
  const listed = new Map<LanguageTag, string>();
  for (const code of codes) {
    const listedTag = tagOf(code);
    if (listedTag !== undefined && !listed.has(listedTag)) listed.set(listedTag, code);
  }
  return listed.get(nearestLanguage(tag, [...listed.keys()]) ?? '');
}
