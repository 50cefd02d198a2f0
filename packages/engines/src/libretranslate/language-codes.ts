import { baseLanguage, canonicalLanguageTag, type LanguageTag } from '@parley/protocol';

/** Codes of LibreTranslate that BCP 47 writes otherwise, some of them of older servers only. */
const tags: Readonly<Record<string, LanguageTag>> = { zt: 'zh-Hant', pb: 'pt-BR' };

/** Further codes under which a language may be listed, the best first. */
const otherCodes: Readonly<Record<LanguageTag, readonly string[]>> = {
  'zh-Hans': ['zh'],
  'zh-Hant': ['zt'],
  'pt-BR': ['pb', 'pt'],
  fil: ['tl'],
  nb: ['no'],
  no: ['nb'],
};

/**
 * The tag without extensions, which no code has. Chinese is written in two scripts, which are two languages to a
 * translator: `zh-TW` is `zh-Hant`.
 */
function written(tag: LanguageTag): LanguageTag {
  const locale = new Intl.Locale(tag);
  if (locale.language !== 'zh') return locale.baseName;
  return `zh-${locale.maximize().script ?? 'Hans'}`;
}

/** A server's code as a BCP 47 tag; `undefined` where it is none. */
export function tagOf(code: string): LanguageTag | undefined {
  return tags[code] ?? canonicalLanguageTag(code);
}

/**
 * The code under which a server lists a language: its own, an older one, or, since an accent is no language, the one
 * without region. `undefined`: it has none.
 */
export function codeOf(tag: LanguageTag, codes: ReadonlySet<string>): string | undefined {
  const own = written(tag);
  const base = baseLanguage(tag);
  const candidates = [own, ...(otherCodes[own] ?? []), ...(base === 'zh' ? [] : [base, ...(otherCodes[base] ?? [])])];
  return candidates.find((code) => codes.has(code));
}
