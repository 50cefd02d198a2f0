import type { TranslationResult } from '@parley/translation';

/** Returns the metrics label of a translation. */
export function translationOutcome({
  cached,
  joined,
  suspect,
}: Pick<TranslationResult, 'cached' | 'joined' | 'suspect'>): 'cached' | 'joined' | 'suspect' | 'translated' {
  if (suspect === true) return 'suspect';
  if (cached) return 'cached';
  return joined ? 'joined' : 'translated';
}
