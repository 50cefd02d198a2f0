import type { LanguageTag } from '@parley/protocol';
import type { Language, LanguagesReply } from '@parley/protocol/http-api';

/** Offered if the engine has no list: languages that large models translate well. */
const commonLanguages: readonly LanguageTag[] = (
  'ar bg bn ca cs da de el en es et eu fa fi fr gl gu he hi hr hu id it ja ka kk km kn ko lt lv mk ml mr ms my nb ne ' +
  'nl pa pl pt-BR pt-PT ro ru si sk sl sq sr sv sw ta te th tl tr uk ur uz vi zh-Hans zh-Hant'
).split(' ');

const englishNames = new Intl.DisplayNames('en', { type: 'language' });

/** Describes the languages of an engine by its [source, target] pairs; `undefined`: it has no list. */
export function describeLanguages(pairs: readonly (readonly [LanguageTag, LanguageTag])[] | undefined): LanguagesReply {
  if (pairs === undefined) {
    const targetsOf = (code: LanguageTag) => commonLanguages.filter((target) => target !== code);
    return { languages: described(commonLanguages, targetsOf), open: true };
  }
  const targets = new Map<LanguageTag, Set<LanguageTag>>();
  for (const [source, target] of pairs) {
    if (!targets.has(target)) targets.set(target, new Set());
    const ofSource = targets.get(source) ?? new Set();
    targets.set(source, ofSource.add(target));
  }
  return { languages: described(targets.keys(), (code) => [...(targets.get(code) ?? [])].sort()) };
}

function described(codes: Iterable<LanguageTag>, targetsOf: (code: LanguageTag) => LanguageTag[]): Language[] {
  return [...codes]
    .map((code) => {
      const name = englishNames.of(code) ?? code;
      return { code, name, nativeName: nativeNameOf(code) ?? name, targets: targetsOf(code) };
    })
    .sort((one, other) => one.name.localeCompare(other.name, 'en'));
}

function nativeNameOf(code: LanguageTag): string | undefined {
  // Without data for a locale, Intl would answer in the language of this machine.
  if (Intl.DisplayNames.supportedLocalesOf(code).length === 0) return undefined;
  return new Intl.DisplayNames(code, { type: 'language' }).of(code);
}
