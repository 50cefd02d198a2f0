import type { LanguageTag } from '@parley/protocol';
import type { LanguageSupport } from '../core/language-support.ts';
import { Refusal } from '../core/refusal.ts';

/** @throws Refusal that names the first target which the engine can't reach from this source */
export async function requireSupported(
  languages: LanguageSupport,
  source: LanguageTag,
  targets: readonly LanguageTag[],
  param = 'targetLanguages',
): Promise<void> {
  const unsupported = await languages.firstUnsupported(source, targets);
  if (unsupported === undefined) return;
  throw new Refusal('language-unsupported', `the engine does not translate from ${source} to ${unsupported}`, param);
}
