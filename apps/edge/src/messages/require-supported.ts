import { undeterminedLanguage, type LanguageTag } from '@parley/protocol';
import type { LanguageSupport } from '../core/language-support.ts';
import { Refusal } from '../core/refusal.ts';

/**
 * Gives the targets that the engine can't translate to from this source. The others are served all the same, so it refuses
 * only where no target is left.
 *
 * @param params the fields that name the source and the targets
 * @throws Refusal that names the first of them
 */
export async function requireOneSupported(
  languages: LanguageSupport,
  source: LanguageTag,
  targets: readonly LanguageTag[],
  params: { readonly source: string; readonly targets: string },
): Promise<LanguageTag[]> {
  const unsupported = await languages.unsupported(source, targets);
  const [first] = unsupported;
  if (first === undefined || unsupported.length < targets.length) return unsupported;
  if (source === undeterminedLanguage) throw new Refusal('language-unsupported', undetected, params.source);
  throw new Refusal('language-unsupported', unsupportedPair(source, first), params.targets);
}

const undetected = 'the engine does not detect the language that is spoken: name it, such as "en" or "pt-BR"';

/** Says that the engine lacks a pair. */
export function unsupportedPair(source: LanguageTag, target: LanguageTag): string {
  return `the engine does not translate from ${source} to ${target}`;
}
